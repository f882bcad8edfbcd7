// What every operation works on. Put together once, by `server.ts`.

import type { Model, SourceForm, Variant } from '../odata/model.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../tenant/tenant.ts';

export interface GraphState {
  readonly store: Store;
  readonly random: Random;
  readonly variant: Variant;
  readonly sourceForm: SourceForm;
  /** The itemPhone of this variant. */
  readonly phones: Model;
  readonly drafts: boolean;
  /** A moment for createdDateTime and lastModifiedDateTime, later each time. */
  moment(): string;
}
