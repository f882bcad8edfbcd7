// What a person should know of a number before it is added. The gateway keeps numbers as they are typed, so nothing here
// stands in the way: it is told, and `tidy` puts right what can be put right without a doubt.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type NumberNote =
  | 'spaces around the number'
  | 'several spaces in a row, or spaces of another kind'
  | 'full-width or other unusual characters'
  | 'an extension'
  | 'letters that stand for digits'
  | 'no country code'
  | 'digits that the plan of its country does not allow'
  | 'no phone number';

/** @throws TypeError for what is no country */
export function countryOf(text: string): CountryCode {
  const country = text.toUpperCase();
  if (!isSupportedCountry(country))
    throw new TypeError(`--country must be two letters such as US, not ${text}`);
  return country;
}

/** @param country in which a number without a country code is dialled; null for none */
export function notesOn(number: string, country: CountryCode | null): NumberNote[] {
  const tidied = tidy(number);
  const hasLetters = /\d.*[a-z]{3}/i.test(withoutExtension(tidied));
  const digits = hasLetters ? withoutExtension(tidied).replaceAll(/[a-z]/gi, onKeypad) : tidied;
  const parsed = parsePhoneNumberFromString(digits, country === null ? {} : { defaultCountry: country });
  const notes: [NumberNote, boolean][] = [
    ['spaces around the number', number.trim() !== number],
    ['several spaces in a row, or spaces of another kind', /\s{2}|[^\S ]/.test(number.trim())],
    [
      'full-width or other unusual characters',
      number.normalize('NFKC').replace(/\s/g, '') !== number.replace(/\s/g, ''),
    ],
    ['an extension', parsed?.ext !== undefined],
    ['letters that stand for digits', parsed !== undefined && /\d.*[a-z]{3}/i.test(withoutExtension(tidied))],
    ['no country code', parsed === undefined ? couldBeLocal(digits) : !tidied.startsWith('+')],
    ['digits that the plan of its country does not allow', parsed?.isValid() === false],
    ['no phone number', parsed === undefined && !couldBeLocal(digits)],
  ];
  return notes.flatMap(([note, applies]) => (applies ? [note] : []));
}

/** The same number in ordinary digits and with single spaces. */
export function tidy(number: string): string {
  return number.normalize('NFKC').replaceAll(/\s+/g, ' ').trim();
}

function withoutExtension(number: string): string {
  return number.replace(/[;,]?\s*(?:ext|extension|x|durchwahl)\b.*$/i, '');
}

/** The digit of a letter by ITU-T E.161. */
function onKeypad(letter: string): string {
  return '22233344455566677778889999'[letter.toLowerCase().charCodeAt(0) - 97] ?? letter;
}

/** Nothing but digits and what people put between them. */
function couldBeLocal(number: string): boolean {
  return /^[\d ()./-]{3,}$/.test(withoutExtension(number)) && !number.startsWith('+');
}
