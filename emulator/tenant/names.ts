// Names of the generated users, in several scripts, each with its form in an address. Some contain hyphens,
// apostrophes or accents, which clients often handle wrongly.

/** The name as displayed, and its form in a user principal name. */
export type Name = readonly [written: string, plain: string];

export const GIVEN_NAMES: readonly Name[] = [
  ['Amara', 'amara'],
  ['Björn', 'bjorn'],
  ['Chloé', 'chloe'],
  ['Dmitri', 'dmitri'],
  ['Anne-Marie', 'anne-marie'],
  ['Farid', 'farid'],
  ['Наталья', 'natalya'],
  ['Henrik', 'henrik'],
  ['Γιώργος', 'giorgos'],
  ['Ines', 'ines'],
  ['健太', 'kenta'],
  ['Kwame', 'kwame'],
  ['يوسف', 'yusuf'],
  ['Lucía', 'lucia'],
  ['Mwangi', 'mwangi'],
  ['Олександр', 'oleksandr'],
  ['Priya', 'priya'],
  ['Renée', 'renee'],
  ['Şule', 'sule'],
  ['Tomasz', 'tomasz'],
];

export const SURNAMES: readonly Name[] = [
  ['Ferreira', 'ferreira'],
  ['van der Berg', 'vanderberg'],
  ["D'Angelo", 'dangelo'],
  ['Иванов', 'ivanov'],
  ['Smith-Jones', 'smith-jones'],
  ['Νικολαΐδης', 'nikolaidis'],
  ['佐藤', 'sato'],
  ['الحسن', 'alhassan'],
  ['Øster', 'oster'],
  ['Müller', 'muller'],
  ['Nguyễn', 'nguyen'],
  ['McDonald', 'mcdonald'],
  ['Kovačević', 'kovacevic'],
  ['Çelik', 'celik'],
  ['García Márquez', 'garciamarquez'],
  ['Шевченко', 'shevchenko'],
  ['Ó Súilleabháin', 'osuilleabhain'],
  ['Adeyemi', 'adeyemi'],
  ['Lindqvist', 'lindqvist'],
  ['Chatterjee', 'chatterjee'],
];

export const JOB_TITLES: readonly (string | null)[] = [
  'Engineer',
  'Accountant',
  'Field Technician',
  'Nurse',
  'Recruiter',
  null,
];

/** One has an ampersand and one a quote, which mean something in a URL and in a filter. */
export const DEPARTMENTS: readonly (string | null)[] = [
  'Sales',
  'Engineering',
  'Research & Development',
  'Human Resources',
  "Founders' Office",
  'Entwicklung Süd',
  null,
];
