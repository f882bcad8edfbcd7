// What resolvers are given for one request: fresh sources with fresh loaders, bound to one caller.
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
import { fieldsAnywhere, givesAnywhere, selectionOf } from './selection.ts';

export type { TokenVerdict };

export interface Context {
  readonly users: UserLoader;
  readonly phones: PhoneReads & PhoneWrites;
  readonly owners: Owners;
  /** What is asked for of the users below a field, and of their facets, each of which can be read early. */
  userSelection(info: GraphQLResolveInfo): UserSelection;
  /** Who is calling; null where that is for Microsoft Graph to know. */
  readonly caller: Identity | null;
  /** The same for all requests of one caller, where that can be known; never the token. */
  readonly principal: string;
  /** A GUID for this request, of the client's making or the gateway's. */
  readonly requestId: string;
  /** By which the operation is known in traces; null where there are none. */
  readonly span: SpanIds | null;
  /** What is known of each write that was sent to Microsoft Graph so far, in order. */
  readonly writes: readonly UpstreamTrace[];
  /** Upstream requests that this request has taken part in so far. */
  readonly upstreamRequests: number;
  /** What Microsoft Graph's answers so far say about the caller's token. */
  readonly tokenVerdict: TokenVerdict;
  /** Grows from one request to the next: in this order operations take turns. */
  readonly order: number;
  /** Whether the caller has gone away, or the deadline has passed: nobody reads the response. */
  readonly isOver: boolean;
}

/** The same for all requests. */
export interface ContextDeps {
  readonly writing: WriteDeps;
}

/** Of one request. */
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
 * A class, and no object with getters of its own: V8 keeps such getters in the object's hidden class, and with them all
 * that they can see, until the next full collection. That was a sixth of all that a query allocates.
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

/** What is read after many changes: the fields of ItemPhone, and the owners where a result has them. */
export function readAfter(info: GraphQLResolveInfo): ReadAfter {
  const payloads = ['AddPhonePayload', 'UpdatePhonePayload', 'DeletePhonePayload'];
  const owners = payloads.some((name) => fieldsAnywhere(info, name).has('user'));
  return { fields: phoneFields(info), owners };
}

const neededFields = new WeakMap<OperationDefinitionNode, readonly string[]>();

/**
 * The fields of ItemPhone that an operation needs: those it selects, and the type where it picks phones by that. The
 * same list for every run of the operation.
 */
export function phoneFields(info: GraphQLResolveInfo): readonly string[] {
  const known = neededFields.get(info.operation);
  if (known !== undefined) return known;
  const selected = [...new Set([...fieldsAnywhere(info, 'ItemPhone'), ...fieldsAnywhere(info, 'Node')])];
  const fields = givesAnywhere(info, 'User.phones(types)') ? [...selected, 'type'] : selected;
  neededFields.set(info.operation, fields);
  return fields;
}
