// `npm run door`: measures, and writes docs/door.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../support/measure.ts';
import { doorPage } from './page.ts';

const rows = await measure('door', [
  'test/door/',
  'test/entra/tokens.test.ts',
  'test/http/authentication.test.ts',
  'test/http/raw.test.ts',
  'test/http/refusals.test.ts',
  'test/gateway/limits.test.ts',
]);
writeFileSync(join(import.meta.dirname, '../../docs/door.md'), doorPage(rows));
