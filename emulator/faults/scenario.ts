// A fault with a name: something that is known to go wrong between a client and Microsoft Graph or Entra ID.
import type { FaultAction, FaultRule } from './rules.ts';

export interface Scenario {
  /** Small letters, digits and hyphens. */
  readonly name: string;
  /** One line: what the client meets. */
  readonly description: string;
  /** The requests that it can strike. */
  readonly on: FaultRule['on'];
  readonly do: FaultAction;
}

/** Any request to Microsoft Graph that stands by itself, a batch being one. */
export const GRAPH: FaultRule['on'] = { path: '/beta/', item: 'whole' };
