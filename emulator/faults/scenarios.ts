// All scenarios, and the names by which the command line selects them.

import { batchScenarios } from './batch-scenarios.ts';
import { byteScenarios } from './byte-scenarios.ts';
import { entraScenarios } from './entra-scenarios.ts';
import { directoryScenarios, listScenarios } from './list-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { statusScenarios } from './status-scenarios.ts';
import { writeScenarios } from './write-scenarios.ts';

export type { Scenario } from './scenario.ts';

/** Grouped by kind, in the order in which they are listed. */
export const SCENARIO_GROUPS: readonly { readonly title: string; readonly scenarios: readonly Scenario[] }[] =
  [
    { title: 'Error responses', scenarios: statusScenarios },
    { title: 'Missing, endless and malformed responses', scenarios: byteScenarios },
    { title: 'Lists', scenarios: listScenarios },
    { title: 'Batches', scenarios: batchScenarios },
    { title: 'Writes', scenarios: writeScenarios },
    { title: 'Entra ID', scenarios: entraScenarios },
    { title: 'Directory', scenarios: directoryScenarios },
  ];

export const SCENARIOS: readonly Scenario[] = SCENARIO_GROUPS.flatMap(({ scenarios }) => scenarios);

/** Selects all scenarios, at a low rate. */
export const MIXED = 'mixed';
/** The default percentage of requests that `mixed` affects. */
export const MIXED_PERCENT = 5;

/**
 * Parses a comma-separated list of names.
 *
 * @throws TypeError that lists the known names when one is unknown
 */
export function readScenarios(text: string): readonly Scenario[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(MIXED)) {
    if (names.length === 1) return SCENARIOS;
    throw new TypeError(`${MIXED} selects all faults and cannot be combined with others`);
  }
  return names.map((name) => {
    const scenario = SCENARIOS.find((known) => known.name === name);
    if (scenario === undefined)
      throw new TypeError(`unknown fault '${name}'; known faults:\n${scenarioList()}`);
    return scenario;
  });
}

/** One line per scenario, by group. */
export function scenarioList(): string {
  const groups = SCENARIO_GROUPS.map(({ title, scenarios }) => {
    const lines = scenarios.map(({ name, description }) => `  ${name.padEnd(27)} ${description}`);
    return `${title}\n${lines.join('\n')}\n`;
  });
  const mixed = `All of the above\n  ${MIXED.padEnd(27)} a random fault for each affected request; ${MIXED_PERCENT}% of requests by default\n`;
  return [...groups, mixed].join('\n');
}
