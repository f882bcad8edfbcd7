// The context of resolvers: loaders and mutations for one request, bound to one caller.
import type { GraphQLResolveInfo, OperationDefinitionNode } from 'graphql';
import type { TokenVerdict } from '../graph/acceptance.ts';
import type { GraphSession } from '../graph/session.ts';
import type { WriteDeps } from '../phones/add.ts';
import type { ReadAfter } from '../phones/many.ts';
import { createOwners, type Owners } from '../phones/owners.ts';
import { createPhoneReads, type PhoneReads } from '../phones/source.ts';
import { createPhoneWrites, type PhoneWrites } from '../phones/writes.ts';
import type { UpstreamTrace } from '../runtime/errors.ts';
import type { Identity } from '../runtime/principal.ts';
import type { SpanIds } from '../runtime/tracing.ts';
import { createUserLoader, type UserLoader, type UserSelection } from '../users/loader.ts';
import { fieldsAnywhere, hasArgumentAnywhere, selectionOf } from './selection.ts';

export type { TokenVerdict };

export interface Context {
  readonly users: UserLoader;
  readonly phones: PhoneReads & PhoneWrites;
  readonly owners: Owners;
  /** The properties of users requested below a field, and prefetch functions for their requested facets. */
  userSelection(info: GraphQLResolveInfo): UserSelection;
  /** The caller's identity. Null in pass-through mode, where only Microsoft Graph knows it. */
  readonly caller: Identity | null;
  /** Identifies the caller across requests, as far as possible. Never the token. */
  readonly principal: string;
  /** A GUID for this request, from the client or the gateway. */
  readonly requestId: string;
  /** The ids of the operation's span. Null without tracing. */
  readonly span: SpanIds | null;
  /** The traces of the writes sent to Microsoft Graph so far, in order. */
  readonly writes: readonly UpstreamTrace[];
  /** Number of upstream requests so far that carried reads or writes of this request. */
  readonly upstreamRequests: number;
  /** Whether Microsoft Graph has accepted the caller's token so far. */
  readonly tokenVerdict: TokenVerdict;
  /** Increases with each request. Operations share the event loop in this order. */
  readonly order: number;
  /** Whether the caller has gone away or the deadline has passed. Nobody waits for the response then. */
  readonly isOver: boolean;
}

/** Dependencies shared by all requests. */
export interface ContextDeps {
  readonly writing: WriteDeps;
}

/** What is particular to one request. */
export interface Request {
  readonly session: GraphSession;
  readonly caller: Identity | null;
  readonly requestId: string;
  readonly span: SpanIds | null;
}

export function createContext(deps: ContextDeps, request: Request): Context {
  return new RequestContext(deps, request);
}

/**
 * A class instead of an object literal with getters. V8 keeps the getters of a literal, and everything in their scope, in
 * its hidden class until the next full garbage collection. That was a sixth of the allocations of a query.
 */
class RequestContext implements Context {
  readonly users: UserLoader;
  readonly phones: PhoneReads & PhoneWrites;
  readonly owners: Owners;
  readonly caller: Identity | null;
  readonly principal: string;
  readonly requestId: string;
  readonly span: SpanIds | null;
  readonly #session: GraphSession;

  constructor(deps: ContextDeps, { session, caller, requestId, span }: Request) {
    this.#session = session;
    this.caller = caller;
    this.requestId = requestId;
    this.span = span;
    this.principal = session.principal;
    this.owners = createOwners(session, caller, deps.writing.whose);
    this.users = createUserLoader(session, this.owners.self);
    const reads = createPhoneReads(session, this.owners);
    const writes = createPhoneWrites(session, caller, deps.writing, () => reads.forget());
    this.phones = { ...reads, ...writes };
  }

  userSelection(info: GraphQLResolveInfo): UserSelection {
    const { properties, facets: selected } = selectionOf(info, 'User');
    const facets = selected.flatMap((facet) => this.phones.prefetch(facet, phoneFields(info)) ?? []);
    const needed = facets.flatMap(({ needs }) => needs).filter((name) => !properties.includes(name));
    return {
      properties: needed.length === 0 ? properties : [...new Set([...properties, ...needed])],
      facets,
    };
  }

  get writes(): readonly UpstreamTrace[] {
    return this.#session.writes;
  }

  get upstreamRequests(): number {
    return this.#session.requests;
  }

  get tokenVerdict(): TokenVerdict {
    return this.#session.tokenVerdict;
  }

  get order(): number {
    return this.#session.order;
  }

  get isOver(): boolean {
    return this.#session.ended;
  }
}

/** What to read after several changes: fields of ItemPhone, and the owners if a result selects them. */
export function readAfter(info: GraphQLResolveInfo): ReadAfter {
  const payloads = ['AddPhonePayload', 'UpdatePhonePayload', 'DeletePhonePayload'];
  const owners = payloads.some((name) => fieldsAnywhere(info, name).has('user'));
  return { fields: phoneFields(info), owners };
}

const neededFields = new WeakMap<OperationDefinitionNode, readonly string[]>();

/**
 * The fields of ItemPhone that an operation needs: those it selects, and `type` when it filters phones by type. Returns the
 * same array for every run of the operation.
 */
export function phoneFields(info: GraphQLResolveInfo): readonly string[] {
  const known = neededFields.get(info.operation);
  if (known !== undefined) return known;
  const selected = [...new Set([...fieldsAnywhere(info, 'ItemPhone'), ...fieldsAnywhere(info, 'Node')])];
  const fields = hasArgumentAnywhere(info, 'User.phones(types)') ? [...selected, 'type'] : selected;
  neededFields.set(info.operation, fields);
  return fields;
}
