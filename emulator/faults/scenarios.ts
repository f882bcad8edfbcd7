// All scenarios, and how a command line names them.

import { batchScenarios } from './batch-scenarios.ts';
import { byteScenarios } from './byte-scenarios.ts';
import { entraScenarios } from './entra-scenarios.ts';
import { directoryScenarios, listScenarios } from './list-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { statusScenarios } from './status-scenarios.ts';
import { writeScenarios } from './write-scenarios.ts';

export type { Scenario } from './scenario.ts';

/** By what goes wrong, in the order in which they are told. */
export const SCENARIO_GROUPS: readonly { readonly title: string; readonly scenarios: readonly Scenario[] }[] =
  [
    { title: 'Answers that say no', scenarios: statusScenarios },
    { title: 'Answers that do not come, do not end, or make no sense', scenarios: byteScenarios },
    { title: 'Lists', scenarios: listScenarios },
    { title: 'Batches', scenarios: batchScenarios },
    { title: 'Changes', scenarios: writeScenarios },
    { title: 'Entra ID', scenarios: entraScenarios },
    { title: 'The directory', scenarios: directoryScenarios },
  ];

export const SCENARIOS: readonly Scenario[] = SCENARIO_GROUPS.flatMap(({ scenarios }) => scenarios);

/** Stands for all scenarios, a few requests of a hundred being struck. */
export const MIXED = 'mixed';
/** The percentage of them, where none is given. */
export const MIXED_PERCENT = 5;

/**
 * Reads names with commas between.
 *
 * @throws TypeError that names what is none, and all that there are
 */
export function readScenarios(text: string): readonly Scenario[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(MIXED)) {
    if (names.length === 1) return SCENARIOS;
    throw new TypeError(`${MIXED} is all of them, and stands by itself`);
  }
  return names.map((name) => {
    const scenario = SCENARIOS.find((known) => known.name === name);
    if (scenario === undefined) throw new TypeError(`there is no fault named ${name}; there are:\n${list()}`);
    return scenario;
  });
}

/** One line for each, by group. */
export function list(): string {
  const groups = SCENARIO_GROUPS.map(({ title, scenarios }) => {
    const lines = scenarios.map(({ name, description }) => `  ${name.padEnd(27)} ${description}`);
    return `${title}\n${lines.join('\n')}\n`;
  });
  const mixed = `All of the above, each struck request by another\n  ${MIXED.padEnd(27)} ${MIXED_PERCENT} of a hundred requests, unless --fault-percent says otherwise\n`;
  return [...groups, mixed].join('\n');
}
