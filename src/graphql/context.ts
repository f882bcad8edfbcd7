// What resolvers are given for one request: fresh sources with fresh loaders, bound to one caller.
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
import { createDirectorySource, type DirectorySource, type Wanted } from '../users/loader.ts';
import { fieldsOf } from './item-fields.ts';
import { selectionOf } from './selection.ts';

export type { TokenVerdict };

export interface Context {
  readonly directory: DirectorySource;
  /** The facets of a profile that are registered. */
  readonly facets: readonly Facet[];
  /** The items of a facet, as this caller can read and change them. */
  items<Item extends ItemFacet>(facet: Facet<Item>): Items<Item>;
  readonly owners: Owners;
  /** What is selected of the users below a field, and of their facets, each of which can be read early. */
  wanted(info: GraphQLResolveInfo): Wanted;
  /** Who is calling; null where that is for Microsoft Graph to know. */
  readonly caller: Identity | null;
  /** The same for all requests of one caller, where that can be known; never the token. */
  readonly principal: string;
  /** A GUID for this request, of the client's making or the gateway's. */
  readonly requestId: string;
  /** By which the operation is known in traces; null where there are none. */
  readonly span: SpanIds | null;
  /** What is known of each write that was sent to Microsoft Graph so far, in order. */
  readonly writes: readonly SentWrite[];
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
  /** Those that are registered. */
  readonly facets: readonly Facet[];
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
  readonly directory: DirectorySource;
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
    this.directory = createDirectorySource(session, this.owners.self);
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

  wanted(info: GraphQLResolveInfo): Wanted {
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

const NO_FACETS: Wanted['facets'] = [];
