/** The code of calls that are joined, by itself: no other VM runs it. */

import { compare, dropBody, join, keepSignal } from './offload/join/join.njs';

export default function joining() {
  return { compare, dropBody, join, keepSignal };
}
