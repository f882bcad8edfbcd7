// `npm run schema:release`: writes the schema as it is now to released.graphql, which the next changes are compared with.
import { writeFileSync } from 'node:fs';
import { currentSchema, RELEASED } from './compatibility.ts';

writeFileSync(RELEASED, currentSchema());
process.stdout.write(`${RELEASED} is written\n`);
