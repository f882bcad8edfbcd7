// Every answer that the documentation shows, and every form that was seen, has to read well.
import { describe, expect, it } from 'vitest';
import { phones } from '../../src/phones/phone.ts';
import { readPhoneType } from '../../src/phones/phone-type.ts';
import { readItem } from '../../src/profile/facet.ts';
import { readAudiences } from '../../src/profile/item-facet.ts';
import type { JsonObject } from '../../src/runtime/json.ts';
import { CREATED, DRAFT_CREATED, DRAFT_REF, UPDATED } from './documented.ts';

const readPhone = (json: JsonObject, owner?: string) => readItem(phones, json, owner);

describe('the documented answers read as they are meant', () => {
  it('Create itemPhone: a type of null, an identity set with nulls', () => {
    const phone = readPhone(CREATED);
    expect(phone).toMatchObject({
      graphId: '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f',
      displayName: 'Car Phone',
      number: '+7 499 342 22 13',
      type: null,
      allowedAudiences: ['ORGANIZATION'],
      inference: null,
      isSearchable: null,
      source: null,
      sources: null,
      createdBy: {
        application: null,
        device: null,
        user: { displayName: 'Innocenty Popov', objectId: 'db789417-4ccb-41d1-a0a9-47b01a09ea49' },
      },
      createdDateTime: '2020-07-06T06:34:12.2294868Z',
      lastModifiedBy: {
        application: null,
        device: null,
        user: { displayName: 'Innocenty Popov', objectId: 'db789417-4ccb-41d1-a0a9-47b01a09ea49' },
      },
      lastModifiedDateTime: '2020-07-06T06:34:12.2294868Z',
      etag: null,
    });
  });

  it('Update itemphone: source.type as a string, an identity set of one member, a legacy @odata.type', () => {
    expect(readPhone(UPDATED)).toMatchObject({
      graphId: 'e13f7a4d-303c-464f-a6af-80ea18eb74f3',
      type: 'OTHER',
      source: { type: ['User'] },
      createdBy: { user: { displayName: 'Innocenty Popov' } },
    });
  });

  it.each([
    ['Create phones', DRAFT_CREATED],
    ['Add phones', DRAFT_REF],
  ])('%s: placeholders, offsets and seven digits, sets that hold only @odata.type', (_name, body) => {
    expect(readPhone(body)).toMatchObject({
      displayName: 'Display Name value',
      number: 'Number value',
      type: 'UNKNOWN_FUTURE_VALUE',
      allowedAudiences: ['UNKNOWN_FUTURE_VALUE'],
      inference: { confidenceScore: null, userHasVerifiedAccuracy: true },
      createdBy: {
        application: { objectId: 'Id value', displayName: 'Display Name value' },
        device: null,
        user: null,
      },
      createdDateTime: body.createdDateTime,
      lastModifiedBy: null,
      lastModifiedDateTime: body.lastModifiedDateTime,
    });
  });
});

describe('allowedAudiences is a flags enum in every form it was seen in', () => {
  it.each([
    ['organization', ['ORGANIZATION']],
    ['organization,contacts', ['CONTACTS', 'ORGANIZATION']],
    ['organization, contacts', ['CONTACTS', 'ORGANIZATION']],
    ['me', ['ME']],
    ['me,contacts', ['CONTACTS']],
    [0, ['ME']],
    [12, ['GROUP_MEMBERS', 'ORGANIZATION']],
    ['12', ['GROUP_MEMBERS', 'ORGANIZATION']],
    ['2,everyone', ['CONTACTS', 'EVERYONE']],
    [64, ['UNKNOWN_FUTURE_VALUE']],
    [128, ['UNKNOWN_FUTURE_VALUE']],
    [136, ['ORGANIZATION', 'UNKNOWN_FUTURE_VALUE']],
    ['Organization', ['ORGANIZATION']],
    ['CONTACTS, groupmembers', ['CONTACTS', 'GROUP_MEMBERS']],
    ['trustedPartners', ['UNKNOWN_FUTURE_VALUE']],
    ['organization,trustedPartners,more', ['ORGANIZATION', 'UNKNOWN_FUTURE_VALUE']],
    ['__proto__', ['UNKNOWN_FUTURE_VALUE']],
    ['', null],
    [' , ', null],
    [null, null],
    [undefined, null],
    [{}, null],
  ])('%j', (wire, audiences) => {
    expect(readAudiences(wire)).toEqual(audiences);
  });
});

describe('phoneType has no sentinel of its own', () => {
  it.each([
    ['businessFax', 'BUSINESS_FAX'],
    ['satellite', 'UNKNOWN_FUTURE_VALUE'],
    ['toString', 'UNKNOWN_FUTURE_VALUE'],
    ['Mobile', 'MOBILE'],
    ['HOMEFAX', 'HOME_FAX'],
    [3, 'OTHER'],
    ['9', 'RADIO'],
    [10, 'UNKNOWN_FUTURE_VALUE'],
    [{}, 'UNKNOWN_FUTURE_VALUE'],
    [null, null],
    [undefined, null],
  ])('%j', (wire, type) => {
    expect(readPhoneType(wire)).toBe(type);
  });
});

describe('a value that makes no sense is null and spoils nothing', () => {
  it.each(['INF', '-INF', 'NaN', null, {}, Number.NaN])('confidenceScore %j', (confidenceScore) => {
    const phone = readPhone({
      id: '1',
      number: 'x',
      inference: { confidenceScore, userHasVerifiedAccuracy: true },
    });
    expect(phone).toMatchObject({
      number: 'x',
      inference: { confidenceScore: null, userHasVerifiedAccuracy: true },
    });
  });

  it.each([
    ['0.87', 0.87],
    ['-1e-3', -0.001],
    [1, 1],
    ['', null],
    [' 1', null],
    ['0x1', null],
    ['1e999', null],
  ])('confidenceScore %j is %j', (confidenceScore, score) => {
    expect(readPhone({ id: '1', inference: { confidenceScore } })?.inference?.confidenceScore).toBe(score);
  });

  it('reads source.type as a string, a list, a list with odd members, or nothing', () => {
    const source = (type: unknown) => readPhone({ id: '1', source: { type } })?.source;
    expect(source('User')).toEqual({ type: ['User'] });
    expect(source(['AAD', 'User'])).toEqual({ type: ['AAD', 'User'] });
    expect(source(['AAD', null, 5])).toEqual({ type: ['AAD'] });
    expect(source(undefined)).toEqual({ type: null });
  });

  it.each([
    [{ id: 'a' }, { objectId: 'a', displayName: null }],
    [{ displayName: 'An App' }, { objectId: null, displayName: 'An App' }],
    [
      { id: 'a', displayName: 5 },
      { objectId: 'a', displayName: null },
    ],
    [{}, null],
    ['a', null],
  ])('keeps what is there of an identity: %j', (json, identity) => {
    for (const kind of ['application', 'device', 'user']) {
      const none = { application: null, device: null, user: null };
      const createdBy = readPhone({ id: '1', createdBy: { [kind]: json } })?.createdBy;
      expect(createdBy).toEqual(identity === null ? null : { ...none, [kind]: identity });
    }
  });

  it('reads the sources of a synced phone', () => {
    const sources = [{ sourceId: 's', isDefaultSource: true, properties: ['number'] }, {}, null];
    expect(readPhone({ id: '1', sources })?.sources).toEqual([
      { sourceId: 's', isDefaultSource: true, properties: ['number'] },
      { sourceId: null, isDefaultSource: null, properties: null },
    ]);
  });

  it.each(['yesterday', '2020-07-06', 5, {}])('%j is no instant', (createdDateTime) => {
    expect(readPhone({ id: '1', createdDateTime })?.createdDateTime).toBeNull();
  });

  it.each([{}, { id: null }, { id: '' }, { id: 5 }])('%j is no phone', (json) => {
    expect(readPhone(json)).toBeNull();
  });
});
