// docs/configuration.md, docs/configuration-tracing.md and .env.example, rendered from the schemas of the variables and what is said of each.
import { z } from 'zod';
import { REFERENCE, type Reference, type Section } from '../../src/config/reference.ts';
import { TRACING_REFERENCE } from '../../src/config/tracing-reference.ts';
import { variables } from '../../src/config/variables.ts';
import { tableOf } from '../support/measure.ts';

export type VariableName = keyof typeof variables;

export const reference: Readonly<Record<VariableName, Reference>> = { ...REFERENCE, ...TRACING_REFERENCE };

interface Entry extends Reference {
  readonly name: VariableName;
}

const entries: readonly Entry[] = (Object.keys(reference) as VariableName[]).map((name) => ({
  name,
  ...reference[name],
}));
const sections: readonly Section[] = [...new Set(entries.map(({ section }) => section))];

const PAGE = `# Configuration

<!-- Generated from src/config by \`npm run docs:configuration\`. Do not edit. -->

The gateway reads environment variables. All of them are optional on the embedded emulator. An empty variable is an unset
one. \`npm run config\` prints the configuration as the gateway understands it, without secrets, and every problem at once.
[\`.env.example\`](../.env.example) has all variables with their defaults. In the tables, P: is the default with
\`NODE_ENV=production\`. [OpenTelemetry's variables](configuration-tracing.md) have their own page.
`;

const TRACING_PAGE = `# Configuration of tracing

<!-- Generated from src/config by \`npm run docs:configuration\`. Do not edit. -->

OpenTelemetry's own variables configure [tracing](operations.md#tracing). The gateway refuses to start when one of them asks
for something that it does not have. OpenTelemetry's exporter itself reads \`OTEL_EXPORTER_OTLP_HEADERS\`,
\`OTEL_EXPORTER_OTLP_CERTIFICATE\` and the other variables of certificates. The gateway never prints those.
`;

const EXAMPLE = `# Generated from src/config by \`npm run docs:configuration\`. Do not edit.
# Copy this file to .env, take away the # before what you set, and start the gateway with
# node --env-file=.env bin/run.js src/main.ts
`;

export function configurationPage(): string {
  const own = sections.filter((section) => section !== 'Tracing');
  return [PAGE, ...own.map((section) => `## ${section}\n\n${tableOfSection(section)}\n`)].join('\n');
}

export function tracingPage(): string {
  return `${TRACING_PAGE}\n${tableOfSection('Tracing')}\n`;
}

function tableOfSection(section: Section): string {
  const rows = entries
    .filter((entry) => entry.section === section)
    .map((entry) => [
      `\`${entry.name}\``,
      entry.meaning + neededBy(entry),
      valuesOf(entry),
      defaultOf(entry),
    ]);
  return tableOf(['variable', 'meaning', 'values', 'default'], rows);
}

export function environmentExample(): string {
  const groups = sections.map((section) => {
    const lines = entries.filter((entry) => entry.section === section).map(exampleOf);
    return `# --- ${section} ---\n\n${lines.join('\n\n')}\n`;
  });
  return [EXAMPLE, ...groups].join('\n');
}

function exampleOf({ name, meaning, default: value = '', unset }: Entry): string {
  const plain = meaning.replaceAll('`', '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  const without = value === '' && unset !== undefined ? ` Unset: ${unset.replaceAll('`', '')}.` : '';
  return `# ${plain}${without}\n#${name}=${value}`;
}

function neededBy({ section, needs }: Entry): string {
  if (needs === undefined || section === 'Tracing') return '';
  const names = Object.entries(needs).map(([name, value]) =>
    name === 'REDIS_URL' ? `\`${name}\`` : `\`${name}=${value}\``,
  );
  return ` Only with ${names.join(', ')}.`;
}

function defaultOf({ default: value, production, unset }: Entry): string {
  if (unset !== undefined) return unset;
  if (value === undefined) return '';
  if (production === undefined) return `\`${value}\``;
  return `\`${value}\`; P: ${production === '' ? 'none' : `\`${production}\``}`;
}

interface JsonSchema {
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly JsonSchema[];
}

/** What the schema says, else what the reference says. */
export function valuesOf({ name, values }: Pick<Entry, 'name' | 'values'>): string {
  const said = inWords(z.toJSONSchema(variables[name], { unrepresentable: 'any' }) as JsonSchema);
  if (values === undefined && said === '') throw new TypeError(`nothing says what ${name} may be`);
  return values ?? said;
}

function inWords(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(inWords).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.minimum === undefined) return '';
  return `${schema.minimum.toLocaleString('en')} to ${schema.maximum?.toLocaleString('en')}`;
}
