// The facets of a profile that the gateway has: one line for each.

import { phones } from '../phones/phone.ts';
import * as phoneResolvers from '../phones/resolvers.ts';
import type { Facet } from '../profile/facet.ts';
import type { ResolverModule } from './merge-resolvers.ts';

/** A facet with the resolvers of its types and of its fields of other types. */
export interface FacetModule {
  readonly facet: Facet;
  readonly resolvers: ResolverModule;
  /** Its part of the schema, where that is not in schema/. */
  readonly typeDefs?: string;
}

export const facets: readonly FacetModule[] = [{ facet: phones, resolvers: phoneResolvers }];
