// `npm run faults`: runs the fault tests and writes docs/faults.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../support/measure.ts';
import { faultsPage } from './page.ts';

const rows = await measure('faults', ['test/faults/']);
writeFileSync(join(import.meta.dirname, '../../docs/faults.md'), faultsPage(rows));
