// How far an import is, as a person sees it in a terminal, and as a file has it.
import { describe, expect, it } from 'vitest';
import { createMeter } from '../../client/cli/progress.ts';

function meterOf(terminal: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  let ms = 0;
  const meter = createMeter({ ...terminal, write: (text) => written.push(text) }, () => ms);
  return {
    written,
    end: () => meter.end(),
    at(seconds: number, added: number, failed = 0, total = 200) {
      ms = seconds * 1_000;
      meter.show({ total, added, failed });
    },
  };
}

describe('progress', () => {
  it('is a bar that is drawn over itself in a terminal', () => {
    const { written, at, end } = meterOf({ isTTY: true, columns: 120 });
    at(0, 100);
    at(10, 119, 1);
    end();
    expect(written).toEqual([
      `\r\x1b[K[${'#'.repeat(15)}${'.'.repeat(15)}] 100 of 200`,
      `\r\x1b[K[${'#'.repeat(18)}${'.'.repeat(12)}] 120 of 200, 1 not added, 2.0 a second, 0:40 left`,
      '\n',
    ]);
  });

  it('is never longer than a line of the terminal', () => {
    const { written, at } = meterOf({ isTTY: true, columns: 20 });
    at(0, 100);
    expect(written[0]?.replace('\r\x1b[K', '')).toHaveLength(19);
  });

  it('is a line for each tenth where nobody looks on', () => {
    const { written, at, end } = meterOf({});
    for (let added = 0; added <= 200; added += 1) at(added / 10, added);
    end();
    expect(written).toHaveLength(11);
    expect(written.at(-1)).toBe('200 of 200, 10.0 a second, 0:00 left\n');
  });

  it('is done from the start where there is nothing to do', () => {
    const { written, at } = meterOf({});
    at(0, 0, 0, 0);
    expect(written).toEqual(['0 of 0\n']);
  });
});
