// Makes the process refuse code out of strings, from a moment on and for good: `eval`, the constructors of the four kinds
// of functions, and `node:vm` throw an EvalError. What a caller sends is a string; whatever else is wrong, it is not run.
//
// Not by V8's own flag: it is read when a context is made, so it would have to be set before the program starts, and
// Fastify's router and serializers are compiled then. WebAssembly stays, since Node's HTTP client is made of it; it takes
// bytes, and can do nothing but compute. Code that was compiled before goes on; it can be no other than the program's.
import { syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';

const MESSAGE = 'Code out of strings is refused: this process makes none once it listens.';

/** One of each kind of function. Its constructor takes the source text of another. */
const KINDS = [function sync() {}, async () => {}, function* sync() {}, async function* sync() {}];

/** To be called once, when everything that compiles itself has done so. There is no way back. */
export function disableCodeGeneration(): void {
  for (const kind of KINDS) {
    const prototype = Object.getPrototypeOf(kind);
    fix(prototype, 'constructor', refusing(prototype.constructor.name, prototype));
  }
  fix(globalThis, 'Function', Function.prototype.constructor);
  fix(globalThis, 'eval', refusing('eval'));
  for (const [name, value] of Object.entries(vm))
    if (typeof value === 'function') fix(vm, name, refusing(name));
  // Modules import these by their names.
  syncBuiltinESMExports();
}

function fix(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, configurable: false });
}

/** It has the name and the prototype of what it stands for: programs ask of what kind a function is. */
function refusing(name: string, prototype?: object): unknown {
  function refuse(): never {
    throw new EvalError(MESSAGE);
  }
  if (prototype !== undefined) fix(refuse, 'prototype', prototype);
  fix(refuse, 'name', name);
  return Object.freeze(refuse);
}
