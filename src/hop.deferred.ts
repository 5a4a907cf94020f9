/** The code of the hop, by itself: no other VM runs it. */

import { hop, resume } from './offload/hop/hop.njs';

export default function hopping() {
  return { hop, resume };
}
