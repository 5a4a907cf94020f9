/** For tests of the metrics, which need shared dictionaries. */

import { matrix, type Release } from './nginx';

/** The releases whose njs has them: 0.8.0 and newer. */
export const shared: Release[] = matrix.filter(({ njs }) => !njs.startsWith('0.7.'));
