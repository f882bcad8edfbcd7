// In which form a source goes out: each cloud's metadata says, and an emulator that takes no other form holds against it.
import { describe, expect, it } from 'vitest';
import { type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { readConfig } from '../../src/config/config.ts';
import { clouds } from '../../src/graph/clouds.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask as askEmulator } from '../support/emulator.ts';
import { ask, tokenOf } from '../support/product.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const ADD = `mutation ($input: AddPhoneInput!) {
  addPhone(input: $input) { phone { id source { type } } userErrors { code field } }
}`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) {
  updatePhone(input: $input) { phone { source { type } } userErrors { code field } }
}`;

type Options = Pick<EmulatorOptions, 'variant' | 'sourceForm'>;

const STRICT: Readonly<Record<'list' | 'text', Options>> = {
  list: { variant: 'prod', sourceForm: 'list' },
  text: { variant: 'usgov', sourceForm: 'text' },
};

async function start(cloud: string, options: Options) {
  const emulator = await startEmulator({
    clock: systemClock,
    random: seededRandom(3),
    people: 12,
    ...options,
  });
  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_CLOUD: cloud,
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'pass-through',
  });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  const product = await startStandalone(config, {
    clock: systemClock,
    random: seededRandom(1),
    logger: silentLogger,
  });
  const token = tokenOf(emulator, 'innocenty');
  return {
    emulator,
    mutate: async (document: string, input: object) =>
      Object.values((await ask(product.url, token, document, { input })).body.data)[0],
    async [Symbol.asyncDispose]() {
      await product.close();
      await emulator.close();
    },
  };
}

describe.each(['emulator', ...Object.keys(clouds)])('in the cloud %s', (cloud) => {
  const form = cloud.startsWith('us-gov') ? 'text' : 'list';

  it(`a source is a ${form}`, async () => {
    await using started = await start(cloud, STRICT[form]);
    const { mutate, emulator } = started;
    const added = await mutate(ADD, { number: '1', source: { type: ['User'] }, idempotencyKey: 'a' });
    expect(added).toMatchObject({ phone: { source: { type: ['User'] } }, userErrors: [] });
    const { id } = (added as { phone: { id: string } }).phone;
    const changed = await mutate(UPDATE, { id, source: { type: ['AAD'] } });
    expect(changed).toEqual({ phone: { source: { type: ['AAD'] } }, userErrors: [] });
    const bodies = emulator.calls.flatMap(({ body }) => (body === undefined ? [] : [body]));
    expect(bodies).toMatchObject([
      { source: { type: form === 'list' ? ['User'] : 'User' } },
      { source: { type: form === 'list' ? ['AAD'] : 'AAD' } },
    ]);
  });

  it('several sources are kept where there is room, and refused by name where there is not', async () => {
    await using started = await start(cloud, STRICT[form]);
    const { mutate, emulator } = started;
    const added = await mutate(ADD, { number: '1', source: { type: ['User', 'AAD'] } });
    if (form === 'list') {
      expect(added).toMatchObject({ phone: { source: { type: ['User', 'AAD'] } }, userErrors: [] });
      return;
    }
    expect(added).toEqual({
      phone: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'source', 'type'] }],
    });
    expect([emulator.calls, emulator.phonesOf(INNOCENTY).length]).toEqual([[], 3]);
  });
});

describe('an emulator that is strict', () => {
  it.each([
    ['list', 'User', 400],
    ['list', ['User'], 201],
    ['text', 'User', 201],
    ['text', ['User'], 400],
  ] as const)('about a %s answers a source of %j with %i', async (form, type, status) => {
    await using started = await start('emulator', { variant: 'prod', sourceForm: form });
    const reply = await askEmulator(started.emulator, 'POST', '/beta/me/profile/phones', {
      json: { number: '1', source: { type } },
    });
    expect(reply.status).toBe(status);
  });
});
