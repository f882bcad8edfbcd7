// `npm run test:mutants` changes one token of the gateway at a time and asks whether a test fails. MUTANTS names the
// folder of src/ and test/ that it is about, such as MUTANTS=graph; without it, all of them, which takes hours.
import { MUTATED } from './vitest.mutants.config.ts';

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutants.config.ts', related: false },
  mutate: MUTATED.map((folder) => `src/${folder}/**/*.ts`),
  // The compiler that is installed has no interface that Stryker could read this file with.
  tsconfigFile: '',
  coverageAnalysis: 'perTest',
  tempDirName: 'reports/stryker',
  reporters: ['clear-text', 'html'],
  htmlReporter: { fileName: 'reports/mutants.html' },
  concurrency: 2,
  dryRunTimeoutMinutes: 30,
  timeoutMS: 60_000,
};
