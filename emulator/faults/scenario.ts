// A named fault: something that is known to go wrong between a client and Microsoft Graph or Entra ID.
import type { FaultAction, FaultRule } from './rules.ts';

export interface Scenario {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** One line: what the client receives. */
  readonly description: string;
  /** The requests that it can apply to. */
  readonly on: FaultRule['on'];
  readonly do: FaultAction;
}

/** Requests to Microsoft Graph, but not those within a batch. */
export const GRAPH: FaultRule['on'] = { path: '/beta/', item: 'whole' };
