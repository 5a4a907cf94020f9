/** Runs `nginx -t` on texts of nginx.conf, with the bundle and the snippets in /etc/nginx/offload. */

import { join } from 'node:path';
import { Container } from '../machines/container';

export interface Verdict {
  passes: boolean;
  /** Messages of level warn and above, starting with the level. */
  complaints: string[];
}

/** By release; each is started once for a test file, as most of the time would be Docker's. */
const containers = new Map<string, Promise<Container>>();

afterAll(async () => {
  const started = await Promise.all(containers.values());
  await Promise.all(started.map((container) => container.stop()));
});

export async function nginxT(release: string, text: string): Promise<Verdict> {
  const [verdict] = await nginxTAll(release, [text]);
  return verdict as Verdict;
}

/** @returns what it says of each, in their order; much faster than one by one */
export async function nginxTAll(release: string, texts: string[]): Promise<Verdict[]> {
  const container = containers.get(release) ?? start(release);
  containers.set(release, container);
  const output = await (await container).run(
    ['flock', '/tmp', 'sh', '-c', SCRIPT],
    Object.fromEntries(texts.map((text, number) => [`TEXT_${number}`, text])),
  );
  const outputs = output.split(/^--- \d+\n/m).slice(1);
  const ran = outputs.filter((each) => /nginx\.conf (syntax is ok|test failed)/.test(each));
  if (ran.length !== texts.length) {
    throw new Error(`nginx -t did not run: ${output}`);
  }
  return outputs.map(verdictIn);
}

const SCRIPT = `
number=0
while eval "text=\\\${TEXT_$number-}" && [ -n "$text" ]; do
    printf %s "$text" >/etc/nginx/nginx.conf
    echo "--- $number"
    nginx -t 2>&1
    number=$((number + 1))
done
true`;

function start(release: string): Promise<Container> {
  return Container.start({
    image: `offload-nginx:${release}`,
    // it binds the ports of the nginx.conf
    network: 'none',
    mounts: { '/etc/nginx/offload:ro': join(process.cwd(), 'dist/test/offload') },
    entrypoint: ['sleep', 'infinity'],
  });
}

/** `2026/01/31 12:00:00 [emerg] 1#1: host not found …`, without its time and process. */
function verdictIn(output: string): Verdict {
  const lines = output.matchAll(/(\[(?:warn|error|crit|alert|emerg)\]) \d+#\d+: (.*)/g);
  return {
    passes: output.includes('test is successful'),
    complaints: [...lines].map(([, level, message]) => `${level} ${message}`),
  };
}
