/** What `make bench` takes. */

import { DEFAULTS } from './parameters';
import { systems } from './systems';

export const DEFAULT_OUT = 'dist/bench';

export const help = `make bench [NAME=VALUE]...: all systems under the published load, about an hour

  SYSTEMS      some of them, of: ${systems.map(({ name }) => name).join(' ')}
  CONNECTIONS  simultaneous clients (${DEFAULTS.CONNECTIONS})
  REQUESTS     of all clients together (${DEFAULTS.REQUESTS})
  JOB          how long the work of each takes (${DEFAULTS.JOB})
  SPREAD       by how much it is shorter or longer; a run of all systems for each (${DEFAULTS.SPREAD})
  LIMIT        of one system in one run (${DEFAULTS.LIMIT})
  OUT          a folder for latest.json, table.md and table.svg (${DEFAULT_OUT})

Only the published load on all systems goes to load/results and the README as well.`;
