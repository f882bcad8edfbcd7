// `npm run report:attacks`: runs the tests that record attempts and writes reports/attacks.md.
import { measure, writeReport } from '../support/measure.ts';
import { ATTACK_TESTS, attacksReport } from './report.ts';

writeReport('attacks', attacksReport(await measure('attacks', ATTACK_TESTS)));
