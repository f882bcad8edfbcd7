// itemPhone of Microsoft Graph: what a phone has beside what all items of a profile have, and the facet.
// Sources: Microsoft Graph beta metadata (itemPhone), the documented examples.
import type { PhoneType } from '../__generated__/schema-types.ts';
import type { Facet } from '../profile/facet.ts';
import { ItemFacet } from '../profile/item-facet.ts';
import type { ItemPayload } from '../profile/mutations/payload.ts';
import { type JsonObject, readText } from '../runtime/json.ts';
import { settable } from './inputs.ts';
import { readPhoneType } from './phone-type.ts';

/** An itemPhone, with every absent or senseless value as null. */
export class Phone extends ItemFacet {
  declare readonly displayName: string | null;
  declare readonly number: string | null;
  declare readonly type: PhoneType | null;

  constructor(json: JsonObject, graphId: string, id: string | null) {
    super(json, graphId, id);
    this.displayName = readText(json['displayName']);
    this.number = readText(json['number']);
    this.type = readPhoneType(json['type']);
  }
}

/** Of an add or an update. */
export type PhonePayload = ItemPayload<Phone>;

export const phones: Facet<Phone> = {
  segment: 'phones',
  field: 'phone',
  type: 'ItemPhone',
  words: { one: 'phone', any: 'a phone', many: 'phones' },
  idSegment: null,
  propertyOf: { parsed: 'number' },
  filterFields: { types: 'type' },
  settable,
  read: (json, graphId, id) => new Phone(json, graphId, id),
};
