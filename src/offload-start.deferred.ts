/** The code of a first call of accepted-json.conf, by itself: its VM runs none of the code of polls. */

import { start } from './offload/accepted/start.njs';

export default function starting() {
  return { start };
}
