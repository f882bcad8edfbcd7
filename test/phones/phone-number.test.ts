import { describe, expect, it } from 'vitest';
import { dialledIn, parseNumber } from '../../src/phones/phone-number.ts';

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

/** What Google's own libphonenumber makes of each: google-libphonenumber 3.2.47, `parse` and `isPossibleNumber`. */
describe('letters, and other forms of a character, are read as libphonenumber reads them', () => {
  it.each([
    ['＋１ ４２５ ５５５ ０１００', undefined, '+14255550100'],
    ['＋7 499 342 22 13', undefined, '+74993422213'],
    ['+1（425）555－0100', undefined, '+14255550100'],
    ['+١٤٢٥٥٥٥٠١٠٠', undefined, '+14255550100'],
    ['\u200e+44\u00a020\u00a07946\u00a00321\u200f', undefined, '+442079460321'],
    ['+1 425\u2011555\u20110100', undefined, '+14255550100'],
    ['+1 425 555 0100²', undefined, '+14255550100'],
    ['①425 555 0100', 'US', '+14255550100'],
    ['1-800-FLOWERS', 'US', '+18003569377'],
    ['1-800-flowers', 'US', '+18003569377'],
    ['1-800-GOT-MILK', 'US', '+18004686455'],
    ['+1 800 FLOWERS', undefined, '+18003569377'],
    ['800 FLOWERS', 'US', '+18003569377'],
    ['call 1-800-FLOWERS', 'US', '+18003569377'],
    ['(800) FLOWERS x12', 'US', '+18003569377 x12'],
    ['1-800-FLOWERS ext. 7', 'US', '+18003569377 x7'],
    ['1-800-FLOWERS;ext=9', 'US', '+18003569377 x9'],
    ['tel:+1-800-FLOWERS;ext=3', undefined, '+18003569377 x3'],
    ['0800 DDA 005', 'NZ', '+64800332005'],
    ['+44 800 FREE 12', undefined, '+44800373312'],
    ['+61 13 CATS', undefined, '+61132287'],
    ['+1 425 555 OIOO', undefined, '+14255556466'],
    ['+1 425 555 0100 ab', undefined, '+14255550100'],
    ['+1 425 555 0100 доб. 12', undefined, '+14255550100 x12'],
    ['FLOWERS', 'US', null],
    ['800-FLOWERS now', 'US', null],
    ['1-800-FLOWERS-FLOWERS', 'US', null],
    ['1-800-FLOWERS / 1-800-GOT-MILK', 'US', null],
    ['1800 555-HELP home', 'AU', null],
    ['1-800-ÉCLAIRS', 'US', null],
    ['PEnnsylvania 6-5000', 'US', null],
    ['+1 (425) KL5-0100', undefined, null],
    ['0x1F4', 'US', null],
  ])('%s under %s is %s', (number, country, expected) => {
    const parsed = read(number, country);
    const extension = parsed?.extension ?? null;
    expect(parsed === null ? null : `${parsed.e164}${extension === null ? '' : ` x${extension}`}`).toBe(
      expected,
    );
  });

  it('full-width letters and digits of an extension too, which libphonenumber leaves as they are', () => {
    expect(read('１－８００－ＦＬＯＷＥＲＳ', 'US')?.e164).toBe('+18003569377');
    expect(read('+1-425-555-0100 ext １２')).toMatchObject({ e164: '+14255550100', extension: '12' });
    expect(read('﹢1 425 555 0100')?.e164).toBe('+14255550100');
  });

  it('but a word behind a number that is whole stays a word', () => {
    expect(read('+1 425 555 0100 mobile')?.e164).toBe('+14255550100');
    expect(read('+49 30 23125 Haus')?.e164).toBe('+493023125');
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
    '1a'.repeat(5_000),
    `1-800-${'F'.repeat(100_000)}`,
  ])('%j', (number) => {
    expect(read(number)).toBeNull();
    expect(() => read(number, 'US')).not.toThrow();
  });

  it.each(['', 'U', 'USA', '12', 'ZZ', '__proto__', 'constructor'])('%j is no country', (country) => {
    expect(dialledIn(country)).toBeNull();
  });
});
