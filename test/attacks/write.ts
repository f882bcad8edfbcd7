// `npm run door`: measures, and writes docs/door.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from '../support/measure.ts';
import { doorPage } from './page.ts';

const rows = await measure('door', [
  'test/attacks/',
  'test/auth/tokens.test.ts',
  'test/server/authentication.test.ts',
  'test/server/raw.test.ts',
  'test/server/refusals.test.ts',
  'test/graphql/limits.test.ts',
]);
writeFileSync(join(import.meta.dirname, '../../docs/door.md'), doorPage(rows));
