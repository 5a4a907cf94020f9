/** The code of planning, by itself: the VM of an attempt runs none of it. */

import { plan } from './offload/learning/planning.njs';

export default function planning() {
  return { plan };
}
