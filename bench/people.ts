// Who is in the directory: a thousand people with three phones each, the same in every run. The forms are those that
// Microsoft documents for itemPhone: a number typed by its owner, one synced from the directory, and one inferred.

export interface Identity {
  readonly id: string;
  readonly displayName: string;
}

/** An itemPhone as Microsoft Graph (beta) sends it. */
export interface WirePhone {
  readonly id: string;
  readonly allowedAudiences: string;
  readonly isSearchable: boolean;
  readonly inference: { readonly confidenceScore: number; readonly userHasVerifiedAccuracy: boolean } | null;
  readonly createdDateTime: string;
  readonly createdBy: WireIdentitySet;
  readonly lastModifiedDateTime: string;
  readonly lastModifiedBy: WireIdentitySet;
  readonly source: { readonly type: readonly string[] } | null;
  readonly sources: null;
  readonly displayName: string;
  readonly type: string;
  readonly number: string;
}

interface WireIdentitySet {
  readonly application: null;
  readonly device: null;
  readonly user: Identity;
}

export interface Person extends Identity {
  readonly phones: readonly WirePhone[];
}

export const PEOPLE = 1_000;

export function createPeople(): readonly Person[] {
  return Array.from({ length: PEOPLE }, (_, index) => {
    const person = { id: guid(1, index), displayName: `Person ${String(index).padStart(4, '0')}` };
    return { ...person, phones: [typed(person, index), synced(person, index), inferred(person, index)] };
  });
}

function typed(person: Identity, index: number): WirePhone {
  return {
    ...common(person, index, 1),
    displayName: 'Car Phone',
    type: 'mobile',
    number: `+1 425 555 ${digits(index)}`,
  };
}

function synced(person: Identity, index: number): WirePhone {
  return {
    ...common(person, index, 2),
    allowedAudiences: 'organization,federatedOrganizations',
    source: { type: ['User'] },
    displayName: 'Office',
    type: 'business',
    number: `+44 20 7946 ${digits(index)}`,
  };
}

function inferred(person: Identity, index: number): WirePhone {
  return {
    ...common(person, index, 3),
    isSearchable: false,
    inference: { confidenceScore: 0.75, userHasVerifiedAccuracy: false },
    displayName: 'From a signature',
    type: 'homeFax',
    number: `+1 206 555 ${digits(index)}`,
  };
}

function common(person: Identity, index: number, place: number) {
  const by = { application: null, device: null, user: { displayName: person.displayName, id: person.id } };
  const moment = `2020-07-0${place}T06:34:12.229${digits(index)}Z`;
  return {
    id: guid(place + 1, index),
    allowedAudiences: 'organization',
    isSearchable: true,
    inference: null,
    createdDateTime: moment,
    createdBy: by,
    lastModifiedDateTime: moment,
    lastModifiedBy: by,
    source: null,
    sources: null,
  };
}

/** Four digits, the last no zero: a fraction of a second ends so on the wire. */
function digits(index: number): string {
  return String(index * 10 + 1).padStart(4, '0');
}

/** Spread over the whole space of GUIDs, as real ones are, and the same in every run. */
function guid(kind: number, index: number): string {
  let state = (kind * 0x9e37_79b1 + index * 0x85eb_ca6b) >>> 0;
  const word = (): string => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x6d2b_79f5) >>> 0;
    return state.toString(16).padStart(8, '0');
  };
  const text = word() + word() + word() + word();
  const part = (from: number, to: number): string => text.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}
