// What a person is told of a table: what is wrong or unusual, and in which lines. Never a number or a name.
import type { CountryCode } from 'libphonenumber-js/max';
import { type NumberNote, notesOn } from './numbers.ts';
import type { Phone, Phones } from './rows.ts';

/** Lines that are named; of more, only how many there are. */
const MOST_LINES = 8;

/** Sentences, one a line. */
export function reportOn({ phones, bad, unused }: Phones, country: CountryCode | null): string[] {
  const found = new Map<string, number[]>();
  const note = (text: string, line: number): void => {
    const lines = found.get(text);
    if (lines === undefined) found.set(text, [line]);
    else lines.push(line);
  };
  for (const { row, reason } of bad) note(`cannot be added: ${reason}`, row.line);
  for (const { row, input } of phones)
    for (const text of notesOn(input.number, country)) note(sentenceOf(text), row.line);
  for (const { row } of repeated(phones)) note('the same phone as an earlier row', row.line);
  const notes = [...found].map(([text, lines]) => `${linesOf(lines)}: ${text}`);
  return [...unused.map((name) => `The column ${JSON.stringify(name)} is not used.`), ...notes];
}

function sentenceOf(note: NumberNote): string {
  return note === 'no phone number'
    ? 'the number cannot be read as a phone number'
    : `the number has ${note}`;
}

function repeated(phones: readonly Phone[]): Phone[] {
  const seen = new Set<string>();
  return phones.filter(({ input }) => {
    const content = JSON.stringify(input);
    const isRepeated = seen.has(content);
    seen.add(content);
    return isRepeated;
  });
}

export function linesOf(lines: readonly number[]): string {
  const named = lines.slice(0, MOST_LINES).join(', ');
  const more = lines.length - MOST_LINES;
  return `${lines.length === 1 ? 'Line' : 'Lines'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
