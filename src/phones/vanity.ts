// Letters in a phone number, as on the keys of a phone: `1-800-FLOWERS`. libphonenumber reads them; libphonenumber-js,
// which reads everything else here, does not. So they become digits before it reads the number.
// Sources: ITU-T E.161 for the keys; Google's libphonenumber, PhoneNumberUtil: VALID_PHONE_NUMBER,
// VALID_ALPHA_PHONE_PATTERN and EXTN_PATTERNS_FOR_PARSING, for where letters count.

const KEYS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'] as const;
const digitByLetter: ReadonlyMap<string, string> = new Map(
  KEYS.flatMap((letters, at) => [...letters].map((letter) => [letter, String(at + 2)] as const)),
);

/** Longer texts are no numbers. */
const LONGEST = 250;
const PUNCTUATION = String.raw`\-\u2010-\u2015\u2212\u30fc\u00a0\u00ad\u200b\u2060()\[\].\/~\u2053\u223c *`;
/** Three digits at least, and only then letters. */
const VIABLE = new RegExp(`^\\+*(?:[${PUNCTUATION}]*\\d){3,}[${PUNCTUATION}A-Za-z\\d]*$`);
const EXTENSION = /(?:;ext=|[\s,]*(?:ext(?:n|ension)?|x|#)[.:]?[\s,-]*)\d{1,7}#?$/i;
const LEAST_LETTERS = 3;

/**
 * The number with digits in the place of its letters, and with its extension; what stands before the number is left out.
 * Null for a text without such letters, and for one that is more than a number.
 */
export function withoutLetters(text: string): string | null {
  const start = text.search(/[+\d]/);
  if (start === -1 || text.length > LONGEST) return null;
  const number = text.slice(start).trim();
  const extension = EXTENSION.exec(number)?.[0] ?? '';
  const lettered = number.slice(0, number.length - extension.length);
  const letters = lettered.match(/[A-Za-z]/g)?.length ?? 0;
  if (letters < LEAST_LETTERS || !VIABLE.test(lettered)) return null;
  return (
    lettered.replaceAll(/[A-Za-z]/g, (letter) => digitByLetter.get(letter.toLowerCase()) ?? '') + extension
  );
}
