// The state that the operations of Microsoft Graph share. `startEmulator` creates it.

import type { Model, SourceForm, Variant } from '../odata/model.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../tenant/tenant.ts';

export interface GraphState {
  readonly store: Store;
  readonly random: Random;
  readonly variant: Variant;
  readonly sourceForm: SourceForm;
  /** The model of itemPhone in this variant. */
  readonly phones: Model;
  readonly drafts: boolean;
  /** The time for createdDateTime and lastModifiedDateTime. Each is later than the one before. */
  moment(): string;
}
