// Writes whose outcome the client cannot see, or sees wrongly.
import type { FaultAction, FaultRule } from './rules.ts';
import type { Scenario } from './scenario.ts';

const PHONES = /\/profile\/phones(?:\/|\?|$)/;
const CREATES: FaultRule['on'] = { method: 'POST', path: PHONES };
const WRITES: FaultRule['on'] = { method: ['POST', 'PATCH', 'DELETE'], path: PHONES };

function scenario(name: string, description: string, on: FaultRule['on'], action: FaultAction): Scenario {
  return { name, description, on, do: action };
}

export const writeScenarios: readonly Scenario[] = [
  scenario('commit-then-504', 'a write that is executed and answered with 504', WRITES, { commitThen: 504 }),
  scenario(
    'commit-late',
    'a write that is executed 15 seconds later, even when the client has disconnected',
    WRITES,
    {
      delayMs: 15_000,
    },
  ),
  scenario('created-without-body', '201 for a new phone, without a body', CREATES, {
    rewrite: (response) => (response.status === 201 ? { ...response, body: undefined } : response),
  }),
  scenario('created-without-id', '201 for a new phone that has no id', CREATES, {
    rewrite(response) {
      if (response.status !== 201 || typeof response.body !== 'object') return response;
      return { ...response, body: { ...response.body, id: undefined } };
    },
  }),
];
