// `npm run docs:configuration`: writes docs/configuration.md, docs/configuration-tracing.md and .env.example.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage, environmentExample, tracingPage } from './configuration.ts';

const ROOT = join(import.meta.dirname, '../..');
writeFileSync(join(ROOT, 'docs/configuration.md'), configurationPage());
writeFileSync(join(ROOT, 'docs/configuration-tracing.md'), tracingPage());
writeFileSync(join(ROOT, '.env.example'), environmentExample());
