// A phone number as libphonenumber reads it. Whatever people type, this never throws: what cannot be read is null.
import {
  type CountryCode,
  isSupportedCountry,
  type NumberType,
  parsePhoneNumberFromString,
  type PhoneNumber as Reading,
} from 'libphonenumber-js/max';
import { withoutLetters } from './vanity.ts';

export interface ParsedNumber {
  readonly e164: string;
  readonly country: string | null;
  readonly callingCode: string;
  readonly national: string;
  readonly international: string;
  readonly extension: string | null;
  /** RFC 3966, with `;ext=` where there is an extension. */
  readonly uri: string;
  readonly isValid: boolean;
  /** libphonenumber's type of number; null where the plan does not say. */
  readonly kind: NonNullable<NumberType> | null;
}

/** A country by which numbers without a country code can be read, out of two letters in either case; else null. */
export function dialledIn(country: string): CountryCode | null {
  if (!/^[a-z]{2}$/i.test(country)) return null;
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? code : null;
}

/**
 * Reads a number: international, national under `country`, or a `tel:` URI (RFC 3966); with or without an extension. Full-width
 * and other compatible forms of a character count as the character (Unicode normalization form KC).
 *
 * @param number what a person typed, or null
 * @returns null when it cannot be read as a number: by its length it could be nobody's
 */
export function parseNumber(number: string | null, country?: CountryCode): ParsedNumber | null {
  if (number === null) return null;
  // A footnote's raised 1 is no digit of the number, but would become one.
  const reading = readBest(number.replaceAll(/\p{No}/gu, '').normalize('NFKC'), country);
  if (reading === undefined) return null;
  return {
    e164: reading.number,
    country: reading.country ?? null,
    callingCode: reading.countryCallingCode,
    national: reading.formatNational(),
    international: reading.formatInternational(),
    extension: reading.ext ?? null,
    uri: reading.getURI(),
    isValid: reading.isValid(),
    kind: reading.getType() ?? null,
  };
}

/**
 * The number as it stands, or with its letters as digits: the former where somebody can have it, so that a word behind a
 * number stays a word.
 */
function readBest(text: string, country: CountryCode | undefined): Reading | undefined {
  const plain = read(text, country);
  if (plain?.isValid() === true) return plain;
  const lettered = withoutLetters(text);
  return lettered === null ? plain : read(lettered, country);
}

/** Of the wrong length for its country, it is an extension or a fragment; in E.164 form it would be somebody else's. */
function read(number: string, country: CountryCode | undefined): Reading | undefined {
  try {
    const reading = parsePhoneNumberFromString(number, country);
    return reading?.isPossible() === true ? reading : undefined;
  } catch {
    // The library documents no error here; a number that finds one must still not fail a query.
    return undefined;
  }
}
