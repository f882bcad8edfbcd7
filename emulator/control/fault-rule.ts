// Parses a fault rule from JSON, for `POST /emulator/faults`. The form is that of `FaultRule`, with three differences:
// an expression is `{"pattern": "…"}`, Infinity is `"unlimited"`, and `scenario` names a scenario in place of `on` and
// `do`. Rules that are functions have no JSON form.
import type { FaultAction, FaultRule, StaticResponse } from '../faults/rules.ts';
import { SCENARIOS } from '../faults/scenarios.ts';

type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** @throws TypeError that names the invalid member */
export function readFaultRule(body: unknown): FaultRule {
  if (!isObject(body)) throw new TypeError('the body must be a JSON object');
  checkMembers(body, MEMBERS, 'the rule');
  const { scenario, skip, times } = body;
  return {
    ...(scenario === undefined ? readOnAndDo(body) : readScenario(String(scenario), body)),
    ...(typeof skip === 'number' ? { skip } : {}),
    ...(times === undefined ? {} : { times: typeof times === 'number' ? times : Number.POSITIVE_INFINITY }),
  };
}

function readScenario(name: string, { on, do: action }: Json): Pick<FaultRule, 'on' | 'do'> {
  if (on !== undefined || action !== undefined) throw new TypeError('a scenario has no on and no do');
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new TypeError(`there is no scenario named ${name}`);
  return { on: scenario.on, do: scenario.do };
}

function readOnAndDo({ on = {}, do: action }: Json): Pick<FaultRule, 'on' | 'do'> {
  if (!isObject(on)) throw new TypeError('on must be an object');
  checkMembers(on, ON_MEMBERS, 'on');
  if (!isAction(action)) throw new TypeError('do must be a fault action');
  const { path, ...rest } = on;
  return { on: { ...rest, ...(path === undefined ? {} : { path: readPath(path) }) }, do: action };
}

function readPath(path: unknown): string | RegExp {
  if (typeof path === 'string') return path;
  const pattern = isObject(path) ? path['pattern'] : undefined;
  try {
    return new RegExp(String(pattern));
  } catch (error) {
    throw new TypeError('on.path.pattern must be a regular expression', { cause: error });
  }
}

function checkMembers(value: Json, checks: Readonly<Record<string, Check>>, name: string): void {
  for (const [member, content] of Object.entries(value)) {
    const check = Object.hasOwn(checks, member) ? checks[member] : undefined;
    if (check === undefined) throw new TypeError(`${name} has an unknown member ${member}`);
    if (!check(content)) throw new TypeError(`${name} has an invalid value for ${member}`);
  }
}

function isAction(value: unknown): value is FaultAction {
  if (isStaticResponse(value)) return true;
  if (!isObject(value)) return false;
  const [[name, content] = ['', undefined], ...others] = Object.entries(value);
  const check = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  return others.length === 0 && check?.(content) === true;
}

function isStaticResponse(value: unknown): value is StaticResponse {
  if (!isObject(value) || !isStatus(value['status'])) return false;
  return Object.entries(value).every(([name, content]) => RESPONSE_MEMBERS[name]?.(content) === true);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isString = (value: unknown): value is string => typeof value === 'string';
const isStatus = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isTrue = (value: unknown): boolean => value === true;
const isOneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

const MEMBERS: Readonly<Record<string, Check>> = {
  on: isObject,
  do: isObject,
  scenario: isString,
  skip: isCount,
  times: (value) => value === 'unlimited' || (isCount(value) && value !== 0),
};

const ON_MEMBERS: Readonly<Record<string, Check>> = {
  method: (value) => isString(value) || (Array.isArray(value) && value.every(isString)),
  path: (value) => isString(value) || (isObject(value) && isString(value['pattern'])),
  item: isOneOf('envelope', 'items', 'whole', 'any'),
  token: isString,
};

const RESPONSE_MEMBERS: Readonly<Record<string, Check>> = {
  status: isStatus,
  headers: (value) => isObject(value) && Object.values(value).every(isString),
  body: (value) => isString(value) || (typeof value === 'object' && value !== null),
  contentType: isString,
};

const ACTIONS: Readonly<Record<string, Check>> = {
  delayMs: isCount,
  reset: isOneOf('before', 'after', 'mid-body'),
  hang: isOneOf(true, 'after-commit'),
  truncate: isTrue,
  html: isStatus,
  endless: isOneOf('slow', 'fast'),
  garble: isTrue,
  rotateKeys: isTrue,
  commitThen: (value) => isStatus(value) || isStaticResponse(value),
};
