/**
 * The nginx releases that the integration tests run on, each as its Debian has it, with both
 * engines where there are two.
 *
 * OFFLOAD_MATRIX=trixie,forky runs a part; make test runs all.
 */
export const RELEASES = ['bookworm', 'trixie', 'forky'];

export const chosenReleases = () => {
  const chosen = process.env.OFFLOAD_MATRIX?.split(',') ?? RELEASES;
  const unknown = chosen.filter((release) => !RELEASES.includes(release));
  if (unknown.length > 0) {
    throw new Error(`OFFLOAD_MATRIX: no such release: ${unknown}; there are ${RELEASES}`);
  }
  return chosen;
};
