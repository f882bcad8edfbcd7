// The planned executor and graphql-js give the same data, errors and calls on random documents.
import { describe, expect, it } from 'vitest';
import { createSubjects, type Tally, tryDocument } from './fuzzing.ts';

const SEED = 20_260_101;
const BLOCKS = 10;
const DOCUMENTS = 2_000;
/** Only for a run that hangs: a block is as long as its documents. */
const LONGEST_MS = 600_000;

describe(`the planned executor compared with graphql-js, seed ${SEED}`, () => {
  const subjects = createSubjects();

  it.each(Array.from({ length: BLOCKS }, (_, block) => block * DOCUMENTS))(
    'has the same results for documents from %i on',
    async (first) => {
      const tally: Tally = { generated: 0, valid: 0, runs: 0, withErrors: 0, withoutData: 0 };
      for (let number = first; number < first + DOCUMENTS; number += 1) {
        expect(await tryDocument(subjects, SEED, number, tally)).toBeNull();
      }
      expect(tally.valid / tally.generated).toBeGreaterThan(0.8);
      expect(tally.withErrors / tally.runs).toBeLessThan(0.8);
      expect(tally.withoutData / tally.runs).toBeLessThan(0.2);
    },
    LONGEST_MS,
  );
});
