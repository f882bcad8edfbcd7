// The servers that are measured: how each is started, and how its response is converted to the form of the product.
import { join } from 'node:path';
import { inOurWords, type PersonAnswer, type PhoneAnswer } from './answers.ts';
import type { Person, WirePhone } from './people.ts';

export interface Contender {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Of node, from its directory. */
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The users in a response, in a form that can be compared between servers. */
  read(json: unknown, asked: readonly Person[]): readonly PersonAnswer[];
  /** The fields that are not compared, because this server represents them differently. */
  readonly rewrites?: 'dates to milliseconds';
}

const here = import.meta.dirname;
const installed = (...path: string[]): string => join(here, 'node_modules', ...path);

/** The supergraph file of Hive Gateway, which is composed before the first round. */
export const SUPERGRAPH = installed('.cache', 'supergraph.graphql');

/** Composes the supergraph. Runs once, with the URL of the stub in its environment. */
export const composing = {
  args: [installed('@graphql-mesh', 'compose-cli', 'esm', 'bin.js'), '-o', SUPERGRAPH],
  directory: join(here, 'servers', 'hive'),
};

const peer = (name: string, title: string, script: string, ...options: string[]): Contender => ({
  name,
  title,
  args: [join(here, 'servers', script), ...options],
  directory: here,
  environment: {},
  read: readGraphQL,
});

export const contenders: readonly Contender[] = [
  {
    name: 'ours',
    title: 'this gateway',
    args: [join(here, '..', 'src', 'main.ts')],
    directory: join(here, '..'),
    // As in production: a log line for each operation, metrics, limits. Only the drain delay is off.
    environment: {
      GRAPH_CLOUD: 'emulator',
      ADMIN_PORT: '0',
      RATE_LIMIT: '10000000',
      LOG_LEVEL: 'info',
      DRAIN_DELAY_MS: '0',
    },
    read: readGlobal,
  },
  peer('apollo-client', 'Apollo Server, official client', 'apollo-client.ts'),
  peer('apollo-fetch', 'Apollo Server, fetch', 'apollo-fetch.ts'),
  peer('mercurius-jit', 'Mercurius with its JIT (unsafe), DataLoader, $batch, undici', 'mercurius.ts', 'jit'),
  peer('mercurius', 'Mercurius without JIT, DataLoader, $batch, undici', 'mercurius.ts'),
  peer('yoga', 'GraphQL Yoga, DataLoader, $batch, undici', 'yoga.ts'),
  {
    name: 'hive',
    title: 'Hive Gateway over OpenAPI',
    args: [
      installed('@graphql-hive', 'gateway', 'dist', 'bin.js'),
      'supergraph',
      SUPERGRAPH,
      '--host',
      '127.0.0.1',
      '--fork',
      '1',
    ],
    directory: join(here, 'servers', 'hive'),
    environment: {},
    // The fields are Microsoft Graph's. Only the spelling of enums and the flags, which are one string, differ.
    read: readWire,
    rewrites: 'dates to milliseconds',
  },
  { ...peer('bare', 'bare proxy, JSON parsed and printed', 'bare.ts', 'parsed'), read: readWire },
  { ...peer('bytes', 'bare proxy, bytes passed on', 'bare.ts', 'bytes'), read: readBytes },
];

interface GraphQLAnswer<Phone> {
  readonly data: {
    readonly user?: { readonly id: string; readonly phones: readonly Phone[] };
    readonly users?: readonly { readonly id: string; readonly phones: readonly Phone[] }[];
  };
}

function peopleIn<Phone>(json: unknown) {
  const { user, users } = (json as GraphQLAnswer<Phone>).data;
  return user === undefined ? (users ?? []) : [user];
}

function readGraphQL(json: unknown): readonly PersonAnswer[] {
  return peopleIn<PhoneAnswer>(json);
}

/** The id of a phone begins with the user's id. Without it, the id equals that of the other servers. */
function readGlobal(json: unknown): readonly PersonAnswer[] {
  return readGraphQL(json).map(({ id, phones }) => ({
    id,
    phones: phones.map((phone) => ({ ...phone, id: phone.id.replace(`${id}/`, '') })),
  }));
}

function readWire(json: unknown): readonly PersonAnswer[] {
  return peopleIn<WirePhone>(json).map(inOurWords);
}

/** One list of phones, or several batch responses. The users are known from the request only. */
function readBytes(json: unknown, asked: readonly Person[]): readonly PersonAnswer[] {
  type List = { readonly value: readonly WirePhone[] };
  const lists = Array.isArray(json)
    ? (json as { responses: { body: List }[] }[]).flatMap(({ responses }) =>
        responses.map(({ body }) => body),
      )
    : [json as List];
  return lists.map(({ value }, at) => inOurWords({ id: asked[at]?.id ?? '', phones: value }));
}
