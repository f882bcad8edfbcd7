// The responses in Microsoft's documentation of itemPhone, with the same values: "Create itemPhone", "Update
// itemphone", and the early drafts "Create phones" and "Add phones".

const INNOCENTY = { displayName: 'Innocenty Popov', id: 'db789417-4ccb-41d1-a0a9-47b01a09ea49' };

export const CREATED = {
  id: '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f',
  allowedAudiences: 'organization',
  inference: null,
  createdDateTime: '2020-07-06T06:34:12.2294868Z',
  createdBy: { application: null, device: null, user: INNOCENTY },
  lastModifiedDateTime: '2020-07-06T06:34:12.2294868Z',
  lastModifiedBy: { application: null, device: null, user: INNOCENTY },
  displayName: 'Car Phone',
  type: null,
  number: '+7 499 342 22 13',
};

const AUTHOR = { id: 'efee1b77-fb3b-4f65-99d6-274c11914d12', displayName: 'Innocenty Popov' };

export const UPDATED = {
  '@odata.type': '#microsoft.graph.itemPhone',
  id: 'e13f7a4d-303c-464f-a6af-80ea18eb74f3',
  allowedAudiences: 'organization',
  inference: null,
  createdDateTime: '2020-07-06T06:34:12.2294868Z',
  createdBy: { user: AUTHOR },
  lastModifiedDateTime: '2020-07-08T06:34:12.2294868Z',
  lastModifiedBy: { user: AUTHOR },
  source: { type: 'User' },
  displayName: 'Car Phone',
  type: 'other',
  number: '+7 499 234 56 78',
};

export const DRAFT_CREATED = draft('Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models', {
  id: '6cd63392-3392-6cd6-9233-d66c9233d66c',
  createdDateTime: '2016-12-31T23:59:45.9448095+03:00',
  lastModifiedDateTime: '2017-01-01T00:00:42.7561162+03:00',
});

export const DRAFT_REF = draft('microsoft.graph', {
  id: 'f87b6b30-6b30-f87b-306b-7bf8306b7bf8',
  createdDateTime: '2017-01-01T00:00:46.1697867+03:00',
  lastModifiedDateTime: '2016-12-31T23:58:46.8102575+03:00',
});

function draft<T extends object>(namespace: string, dates: T) {
  const identity = { '@odata.type': `${namespace}.identity` };
  return {
    '@odata.type': `#${namespace}.itemPhone`,
    ...dates,
    allowedAudiences: 'String',
    inference: {
      '@odata.type': `${namespace}.inferenceData`,
      confidenceScore: 'Double',
      userHasVerifiedAccuracy: true,
    },
    createdBy: {
      '@odata.type': `${namespace}.identitySet`,
      application: { ...identity, displayName: 'Display Name value', id: 'Id value' },
      device: identity,
      user: identity,
    },
    lastModifiedBy: { '@odata.type': `${namespace}.identitySet` },
    displayName: 'Display Name value',
    type: 'String',
    number: 'Number value',
  };
}
