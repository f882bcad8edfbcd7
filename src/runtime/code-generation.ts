// Disables code generation from strings: `eval`, the constructors of the four kinds of functions, and `node:vm` throw an
// EvalError. Input from a caller is a string, so it can never run as code.
//
// V8's own flag is not used: V8 reads it when it creates a context, and Fastify compiles its router and serializers after
// that. WebAssembly stays enabled, because Node's HTTP client needs it; it takes bytes and can only compute. Functions that
// were compiled before keep working.
import { syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';

const MESSAGE = 'Code generation from strings is disabled in this process.';

/** One function of each kind. The constructor of each kind compiles source text. */
const KINDS = [function sync() {}, async () => {}, function* sync() {}, async function* sync() {}];

/** Call it once, after everything that needs code generation has started. It cannot be undone. */
export function disableCodeGeneration(): void {
  for (const kind of KINDS) {
    const prototype = Object.getPrototypeOf(kind);
    lock(prototype, 'constructor', throwing(prototype.constructor.name, prototype));
  }
  lock(globalThis, 'Function', Function.prototype.constructor);
  lock(globalThis, 'eval', throwing('eval'));
  for (const [name, value] of Object.entries(vm))
    if (typeof value === 'function') lock(vm, name, throwing(name));
  // Updates the named imports of `node:vm`.
  syncBuiltinESMExports();
}

function lock(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, configurable: false });
}

/** Returns a function that throws. It keeps name and prototype of the original, because programs test for the kind of a function. */
function throwing(name: string, prototype?: object): unknown {
  function disabled(): never {
    throw new EvalError(MESSAGE);
  }
  if (prototype !== undefined) lock(disabled, 'prototype', prototype);
  lock(disabled, 'name', name);
  return Object.freeze(disabled);
}
