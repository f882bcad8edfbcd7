// Changes whose outcome the caller does not see, or sees wrong.
import type { FaultAction, FaultRule } from './rules.ts';
import type { Scenario } from './scenario.ts';

const PHONES = /\/profile\/phones(?:\/|\?|$)/;
const CREATES: FaultRule['on'] = { method: 'POST', path: PHONES };
const WRITES: FaultRule['on'] = { method: ['POST', 'PATCH', 'DELETE'], path: PHONES };

function does(name: string, description: string, on: FaultRule['on'], action: FaultAction): Scenario {
  return { name, description, on, do: action };
}

export const writeScenarios: readonly Scenario[] = [
  does('commit-then-504', 'a change that is made and answered with 504', WRITES, { commitThen: 504 }),
  does('commit-late', 'a change that is made 15 seconds later, whoever still waits', WRITES, {
    delayMs: 15_000,
  }),
  does('created-without-body', '201 for a new phone, with nothing in it', CREATES, {
    rewrite: (response) => (response.status === 201 ? { ...response, body: undefined } : response),
  }),
  does('created-without-id', '201 for a new phone that has no id', CREATES, {
    rewrite(response) {
      if (response.status !== 201 || typeof response.body !== 'object') return response;
      return { ...response, body: { ...response.body, id: undefined } };
    },
  }),
];
