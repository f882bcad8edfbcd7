// The context of resolvers: loaders and mutations for one request, bound to one caller.
import type { GraphQLResolveInfo } from 'graphql';
import type { TokenVerdict } from '../graph/acceptance.ts';
import type { GraphSession, SentWrite } from '../graph/session.ts';
import type { Facet } from '../profile/facet.ts';
import type { ItemFacet } from '../profile/item-facet.ts';
import { createItems, type Items, type ItemsOptions } from '../profile/items.ts';
import type { WriteDeps } from '../profile/mutations/add.ts';
import { createOwners, type Owners } from '../profile/owners.ts';
import type { Identity } from '../runtime/principal.ts';
import type { SpanIds } from '../runtime/tracing.ts';
import { createUserLoader, type UserLoader, type UserSelection } from '../users/loader.ts';
import { fieldsOf } from './item-fields.ts';
import { selectionOf } from './selection.ts';

export type { TokenVerdict };

export interface Context {
  readonly users: UserLoader;
  /** The facets of a profile that are registered. */
  readonly facets: readonly Facet[];
  /** The items of a facet, as this caller can read and change them. */
  items<Item extends ItemFacet>(facet: Facet<Item>): Items<Item>;
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
  readonly writes: readonly SentWrite[];
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
  /** Those that are registered. */
  readonly facets: readonly Facet[];
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
  readonly facets: readonly Facet[];
  readonly owners: Owners;
  readonly caller: Identity | null;
  readonly principal: string;
  readonly requestId: string;
  readonly span: SpanIds | null;
  readonly #session: GraphSession;
  readonly #writing: WriteDeps;
  /** Made when they are first asked for; in the places of their facets in `#known`. */
  readonly #items: Items[] = [];
  readonly #known: Facet[] = [];

  constructor({ writing, facets }: ContextDeps, { session, caller, requestId, span }: Request) {
    this.#session = session;
    this.#writing = writing;
    this.facets = facets;
    this.caller = caller;
    this.requestId = requestId;
    this.span = span;
    this.principal = session.principal;
    this.owners = createOwners(session, caller, writing.keyScope);
    this.users = createUserLoader(session, this.owners.self);
  }

  items<Item extends ItemFacet>(facet: Facet<Item>): Items<Item> {
    const at = this.#known.indexOf(facet);
    const known = this.#items[at];
    // They were made for this very facet, and so are of its type.
    if (known !== undefined) return known as Items<Item>;
    const options: ItemsOptions = {
      session: this.#session,
      caller: this.caller,
      owners: this.owners,
      writing: this.#writing,
    };
    const made = createItems(facet, options);
    this.#known.push(facet);
    this.#items.push(made);
    return made;
  }

  userSelection(info: GraphQLResolveInfo): UserSelection {
    const { properties, facets: selected } = selectionOf(info, 'User');
    if (selected.length === 0) return { properties, facets: NO_FACETS };
    const facets = selected.flatMap((field) => {
      const facet = this.facets.find((one) => field.name === one.segment || field.name === one.field);
      return facet === undefined ? [] : (this.items(facet).prefetch(field, fieldsOf(facet)(info)) ?? []);
    });
    const needed = facets.flatMap(({ needs }) => needs).filter((name) => !properties.includes(name));
    return {
      properties: needed.length === 0 ? properties : [...new Set([...properties, ...needed])],
      facets,
    };
  }

  get writes(): readonly SentWrite[] {
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

const NO_FACETS: UserSelection['facets'] = [];
