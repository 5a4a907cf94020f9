/** `make bench-farm`: a farm of single-process backends, compared with a pool and with round robin. */

import { RELEASES } from '../../testkit/matrix.mjs';
import { beginCommand } from '../rig/command';
import { describe, machine } from '../rig/machine';
import { packageVersions } from '../rig/package-versions';
import { PUBLISHED, publish, writeTo } from '../rig/publish';
import { setUp } from '../rig/set-up';
import { choice } from '../rig/settings';
import { measureComputing, measureWaiting, rates } from './measure';
import { publication } from './publication';
import type { Results } from './results';
import { APP_IMAGE } from './serve';
import { help, isPublished, readSettings } from './settings';
import { page } from './table';

beginCommand(help);
const settings = readSettings(process.env);
choice({ OFFLOAD_MATRIX: settings.release }, 'OFFLOAD_MATRIX', RELEASES);
const out = process.env.OUT || 'dist/bench-farm';
const nginxImage = `nginx:${settings.release}`;
setUp([nginxImage, APP_IMAGE]);

const about = machine();
const perSecond = rates(settings, about);
const taken = new Date().toISOString();
console.log(describe(taken, about));
console.log(`Work that blocks: ${settings.seconds} s, all systems at the same time`);
const waiting = await measureWaiting(settings, perSecond.waiting);
console.log(`Work that uses the CPU: ${3 * settings.cpuSeconds} s`);
const results: Results = {
  taken,
  machine: about,
  versions: {
    ...packageVersions(nginxImage, { nginx: 'nginx' }),
    ...packageVersions(APP_IMAGE, {
      uWSGI: 'uwsgi-core',
      Python: 'python3',
      Flask: 'python3-flask',
    }),
  },
  settings,
  perSecond,
  waiting,
  computing: await measureComputing(settings, perSecond.computing),
};
writeTo(out, publication(results));
console.log(`\n${page(results)}\nIn ${out}: ${Object.keys(publication(results).files).join(', ')}`);
if (isPublished(settings)) {
  publish(publication(results));
  console.log(`${PUBLISHED} and docs/farm.md have these figures now.`);
}
process.exit(0);
