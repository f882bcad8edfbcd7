// `npm run report:faults`: runs the tests of this folder and writes reports/faults.md.
import { measure, writeReport } from '../support/measure.ts';
import { faultsReport } from './report.ts';

writeReport('faults', faultsReport(await measure('faults', ['test/faults/'])));
