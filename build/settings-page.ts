/** Writes the table of settings to docs/settings.md. */

import { readFileSync, writeFileSync } from 'node:fs';
import { withSettings } from './settings';

const page = new URL('../docs/settings.md', import.meta.url);
writeFileSync(page, withSettings(readFileSync(page, 'utf8')));
