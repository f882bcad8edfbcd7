import { describe, expect, it } from 'vitest';
import { dialledIn, parseNumber } from '../../src/phones/number.ts';

const read = (number: string | null, country?: string) => {
  const code = country === undefined ? undefined : dialledIn(country);
  return code === undefined || code === null ? parseNumber(number) : parseNumber(number, code);
};

describe('a number is read as libphonenumber reads it', () => {
  it('in every form', () => {
    expect(read('+7 499 342 22 13')).toEqual({
      e164: '+74993422213',
      country: 'RU',
      callingCode: '7',
      national: '8 (499) 342-22-13',
      international: '+7 499 342 22 13',
      extension: null,
      uri: 'tel:+74993422213',
      isValid: true,
      kind: 'FIXED_LINE',
    });
  });

  it.each([
    ['+1 425 555 0100 ext. 12', undefined],
    ['+1 (425) 555-0100 x12', undefined],
    ['tel:+1-425-555-0100;ext=12', undefined],
    ['(425) 555-0100 x12', 'US'],
    ['425.555.0100#12', 'us'],
  ])('%s has the extension 12, in a URI by RFC 3966', (number, country) => {
    expect(read(number, country)).toMatchObject({
      e164: '+14255550100',
      extension: '12',
      uri: 'tel:+14255550100;ext=12',
      isValid: true,
    });
  });

  it('takes a number without a country code under the country it is dialled in, and not otherwise', () => {
    expect(read('(425) 555-0100', 'US')?.e164).toBe('+14255550100');
    expect(read('020 7946 0018', 'GB')?.e164).toBe('+442079460018');
    expect(read('(425) 555-0100')).toBeNull();
  });

  it('lets a country code in the number win over the country', () => {
    expect(read('+44 20 7946 0018', 'US')?.country).toBe('GB');
  });

  it('says when nobody can have the number', () => {
    expect(read('+1 123 456 7890')).toMatchObject({ e164: '+11234567890', isValid: false });
  });

  it('names no country for a code that several share and none', () => {
    expect(read('+800 1234 5678')).toMatchObject({ country: null, callingCode: '800' });
  });
});

describe('what is no number is null, and nothing breaks', () => {
  it.each([
    null,
    '',
    ' ',
    'x1234',
    'call me',
    '+',
    '++1',
    '+999999',
    '\u0000',
    '٠',
    '5'.repeat(10_000),
    '(((((',
    '+1',
  ])('%j', (number) => {
    expect(read(number)).toBeNull();
    expect(() => read(number, 'US')).not.toThrow();
  });

  it.each(['', 'U', 'USA', '12', 'ZZ', '__proto__', 'constructor'])('%j is no country', (country) => {
    expect(dialledIn(country)).toBeNull();
  });
});
