/**
 * The Debian releases whose nginx the integration tests run on, with each njs engine available.
 *
 * OFFLOAD_MATRIX=trixie,forky selects releases; default: all.
 */
export const RELEASES = ['bookworm', 'trixie', 'forky'];

export const chosenReleases = () => {
  const chosen = process.env.OFFLOAD_MATRIX?.split(',') ?? RELEASES;
  const unknown = chosen.filter((release) => !RELEASES.includes(release));
  if (unknown.length > 0) {
    throw new Error(`OFFLOAD_MATRIX: unknown release: ${unknown}; known releases: ${RELEASES}`);
  }
  return chosen;
};
