// `npm run bench:tracing`: the CPU cost of tracing for each operation: off, all traces, and one trace in a hundred. The three
// take turns, so that other load on the machine affects all of them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCases } from './cases.ts';
import { type Contender, contenders } from './contenders.ts';
import { leaveServerCore, planCores } from './machine.ts';
import { measure } from './measure.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { spreadOf } from './statistics.ts';
import { startStub } from './stub.ts';

const SEED = 20_200_706;
const [rounds = 7, seconds = 3] = process.argv.slice(2).map(Number);

const gateway = contenders.find(({ name }) => name === 'ours');
const one = createCases(createPeople(), seededRandom(SEED)).find(({ name }) => name === 'Q1');
if (gateway === undefined || one === undefined) throw new TypeError('there is nothing to measure');

const cores = planCores();
if (cores !== null) leaveServerCore(cores);
const stub = await startStub(cores);
/** Accepts every request. */
const collector = createServer((request, response) => {
  request.resume().on('end', () => response.end());
}).listen(0, '127.0.0.1');
await once(collector, 'listening');
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

const exporting = (share: number): Contender => ({
  ...gateway,
  name: `exporting ${share}`,
  environment: {
    ...gateway.environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(share),
  },
});
const variants: readonly Contender[] = [{ ...gateway, name: 'no traces' }, exporting(1), exporting(0.01)];

const figures = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
try {
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of variants) {
      const plan = { contender, case: one, round, seconds, warmUpSeconds: seconds, cores };
      const { cpuPerOperation, failed, disturbed } = await measure(plan, stub);
      figures.get(contender.name)?.push(cpuPerOperation ?? Number.NaN);
      const noise =
        disturbed === null ? '' : `, ${Math.round(disturbed * 100)} % of the machine taken by others`;
      process.stdout.write(
        `${contender.name}: ${cpuPerOperation?.toFixed(1)} µs, ${failed} failed${noise}\n`,
      );
    }
  }
} finally {
  await stub.stop();
  collector.closeAllConnections();
  collector.close();
}

for (const [name, values] of figures) {
  const spread = spreadOf(values);
  const [none = []] = figures.values();
  const ratios = spreadOf(values.map((value, at) => value / (none[at] ?? Number.NaN)));
  process.stdout.write(
    `${name}: ${spread?.median.toFixed(1)} µs (${spread?.least.toFixed(1)} to ${spread?.most.toFixed(1)}), ` +
      `${ratios?.median.toFixed(2)} times as much as without (${ratios?.least.toFixed(2)} to ${ratios?.most.toFixed(2)})\n`,
  );
}
