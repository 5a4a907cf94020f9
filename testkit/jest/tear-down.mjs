/** After the integration tests: removes containers that failed tests left. */
import { removeOwn } from '../machines/labels.js';

export default removeOwn;
