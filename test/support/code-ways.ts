// Preloaded into a gateway process. On SIGIO it tries every way to generate code from a string, and logs the result of each.
import { createRequire } from 'node:module';
import vm, { runInThisContext } from 'node:vm';

const TEXT = 'return 1';
const global = (name: string) => Object(globalThis)[name];
const constructorOf = (value: object) => Object.getPrototypeOf(value).constructor;
/** A function that is generated from a string while that is allowed. */
const made = (...texts: string[]): ((text?: string) => unknown) => constructorOf(constructorOf)(...texts);
/** A function that was generated earlier may still run, but cannot generate another one. */
const direct = made('text', 'return eval(text)');
const local = made('return new Function("return 1")()');

const WAYS: Readonly<Record<string, () => unknown>> = {
  'eval, direct': () => direct('1'),
  'eval, from a function made before': local,
  'eval, indirect': () => global('eval')('1'),
  'eval, indirect, from a function made before': made('return (0, eval)("1")'),
  'eval, deleted': () => {
    Reflect.deleteProperty(globalThis, 'eval');
    return global('eval')('1');
  },
  'eval, put back': () => {
    Reflect.defineProperty(globalThis, 'eval', { value: () => 1 });
    Reflect.set(globalThis, 'eval', () => 1);
    return global('eval')('1');
  },
  Function: () => global('Function')(TEXT)(),
  'new Function': () => new (global('Function'))(TEXT)(),
  'a class that extends Function': () => {
    const base: FunctionConstructor = global('Function');
    class Own extends base {}
    return new Own(TEXT)();
  },
  'Function, bound': () => global('Function').bind(null, TEXT)()(),
  'Function, constructed for another': () => Reflect.construct(global('Function'), [TEXT], Object),
  'the constructor of a function': () => constructorOf(() => 1)(TEXT)(),
  'the constructor of a constructor': () => constructorOf(Object)(TEXT)(),
  'the constructor of a class': () => constructorOf(class {})(TEXT)(),
  'the constructor of a method of Array': () => constructorOf([].map)(TEXT)(),
  'the constructor of Function': () => constructorOf(global('Function'))(TEXT)(),
  'the constructor of eval': () => constructorOf(global('eval'))(TEXT)(),
  'the constructor, put back': () => {
    Reflect.set(
      Object.getPrototypeOf(() => 1),
      'constructor',
      () => () => 1,
    );
    return constructorOf(() => 1)(TEXT)();
  },
  AsyncFunction: () => constructorOf(async () => 1)(TEXT)(),
  'what AsyncFunction derives from': () =>
    Object.getPrototypeOf(constructorOf(async () => 1)).constructor(TEXT)(),
  GeneratorFunction: () => constructorOf(function* one() {})(TEXT)(),
  AsyncGeneratorFunction: () => constructorOf(async function* one() {})(TEXT)(),
  'vm.runInThisContext': () => vm.runInThisContext('1'),
  'vm.runInThisContext, imported by name': () => runInThisContext('1'),
  'vm.runInNewContext': () => vm.runInNewContext('1'),
  'vm.runInContext': () => vm.runInContext('1', {}),
  'vm.createContext': () => vm.createContext({}),
  'vm.compileFunction': () => vm.compileFunction(TEXT)(),
  'vm.Script': () => new vm.Script('1').runInThisContext(),
  'vm by require': () => createRequire(import.meta.url)('node:vm').runInThisContext('1'),
  'vm by process.getBuiltinModule': () => process.getBuiltinModule('node:vm').runInThisContext('1'),
};

function outcomeOf(way: () => unknown): string {
  try {
    way();
    return 'ran';
  } catch (error) {
    return error instanceof Error ? error.name : 'not an error';
  }
}

process.on('SIGIO', () => {
  const outcomes = Object.entries(WAYS).map(([name, way]) => [name, outcomeOf(way)]);
  process.stderr.write(
    `${JSON.stringify({ level: 'info', msg: 'ways', outcomes: Object.fromEntries(outcomes) })}\n`,
  );
});
