// The large trial of the import: `npm run client:trial`. 2,000 phones at 250 ms, faults of all kinds in 5 of 100 requests,
// importer and gateway killed three times each, in real time. It takes some minutes and ends with what it found.
import { runTrial } from './trial.ts';

const PHONES = 2_000;

const verdict = await runTrial({
  phones: PHONES,
  latencyMs: 250,
  share: 0.05,
  kills: 3,
  people: 2_000,
  patienceSeconds: 420,
  leaps: false,
});
const { seconds, secondsToMost, lost, doubled, starts, importerKills, gatewayKills } = verdict;
process.stdout.write(`${PHONES} phones in ${seconds.toFixed(0)} s, nine of ten in ${secondsToMost.toFixed(0)} s: ${lost} lost, ${doubled} doubled.
The importer was started ${starts} times; it was killed ${importerKills} times, the gateway ${gatewayKills} times.
`);
process.exitCode = lost === 0 && doubled === 0 ? 0 : 1;
