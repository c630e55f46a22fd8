import type * as z from 'zod/mini';
import { meant, nearest } from '../core/nearest.ts';
import { shown } from './outside-text.ts';
import { runbookShape } from './runbook-shape.ts';

/** What is wrong in a runbook's front matter; `path` leads to the place, and the words name it. */
export interface ShapeFault {
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
  /** The path that a misspelt key was probably meant for. */
  readonly meant?: Path;
}

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;
type Shape = z.core.$ZodTypes;

/** The parser's names of what it expects, in the words of somebody who writes YAML. */
const KINDS: Readonly<Record<string, string>> = { string: 'a text', array: 'a list', object: 'a map', record: 'a map' };

/** What the parser says where a field has no words of its own; more follows where somebody loaded its whole library, as the MCP door does. */
const UNWORDED = 'Invalid input';

/** A field in the runbook's words: `remedies[0].edit`. */
export function fieldName(path: Path): string {
  const told = path.reduce<string>((name, step) => `${name}${typeof step === 'number' ? `[${step}]` : `.${step}`}`, '');
  return told.slice(1) || 'the front matter';
}

/** All findings of the parser about `data`, the whole front matter. A misspelt key is one fault, not also the lack of the right one. */
export function shapeFaults(issues: readonly Issue[], data: unknown): readonly ShapeFault[] {
  const faults = issues.flatMap((issue) => faultsOf(issue, data, []));
  const meantFor = new Set(faults.flatMap(({ meant: path }) => (path ? [fieldName(path)] : [])));
  return faults.filter(({ path }) => !meantFor.has(fieldName(path)));
}

/** One finding as faults that name the field, what stands there, and what may; `above` leads to where the issue's own path starts. */
function faultsOf(issue: Issue, data: unknown, above: Path): readonly ShapeFault[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const found = valueAt(data, path);
  const where = fieldName(path);
  switch (issue.code) {
    case 'invalid_union':
      return unionFaults(issue, data, path);
    case 'unrecognized_keys':
      return kindsFaults(path, found) ?? issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_key':
      return [
        {
          path,
          message: `the key ${shown(path.at(-1))} of ${fieldName(path.slice(0, -1))} is not ${issue.issues[0]?.message}`,
          fix: `Write ${issue.issues[0]?.message}.`,
        },
      ];
    case 'invalid_value':
      return [found === undefined ? missing(path, oneOf(issue.values)) : wrong(path, found, oneOf(issue.values))];
    case 'invalid_type':
      return [found === undefined ? missing(path, kindOf(issue)) : wrong(path, found, kindOf(issue))];
    case 'too_small':
      return [
        { path, message: `${where} is empty`, fix: issue.origin === 'array' ? 'Write at least one item.' : 'Write a text.' },
      ];
    default:
      return [wrong(path, found, issue.message)];
  }
}

function missing(path: Path, expected: string): ShapeFault {
  return { path, message: `${fieldName(path)} is missing`, fix: `Add ${path.at(-1)}: and ${expected}.` };
}

function wrong(path: Path, found: unknown, expected: string): ShapeFault {
  const unquoted = expected === KINDS.string && found !== null && typeof found !== 'object';
  const fix = unquoted ? `Put it between quotes: ${JSON.stringify(String(found))}.` : `Write ${expected}.`;
  return { path, message: `${fieldName(path)} is ${shown(found)}, not ${expected}`, fix };
}

function unknownKey(path: Path, key: string): ShapeFault {
  const fields = shapesAt(path).flatMap(fieldsOf);
  const near = nearest(key, fields);
  const fault = { path: [...path, key], message: `unknown key ${shown(key)} in ${fieldName(path)}`, fix: meant(key, fields) };
  return near === null ? fault : { ...fault, meant: [...path, near] };
}

/** Of several forms the one whose first key is there is meant; its own faults are told, not those of the others. */
function unionFaults(issue: Extract<Issue, { code: 'invalid_union' }>, data: unknown, path: Path): readonly ShapeFault[] {
  const found = valueAt(data, path);
  const kinds = kindsAt(path);
  if (found === undefined) return [missing(path, `one of ${kinds.join(', ')}`)];
  if (!isMap(found)) return [wrong(path, found, `a map with one of ${kinds.join(', ')}`)];
  const faults = kindsFaults(path, found);
  if (faults) return faults;
  const chosen = kinds.findIndex((kind) => Object.hasOwn(found, kind));
  return (issue.errors[chosen] ?? []).flatMap((inner) => faultsOf(inner, data, path));
}

/** Where exactly one of several keys is to be given: none, or more than one. Null where one is, or where there is no such choice. */
function kindsFaults(path: Path, found: unknown): readonly ShapeFault[] | null {
  const kinds = kindsAt(path);
  if (kinds.length < 2 || !isMap(found)) return null;
  const given = kinds.filter((kind) => Object.hasOwn(found, kind));
  if (given.length === 1) return null;
  const fix = `Give exactly one of ${kinds.join(', ')}.`;
  if (given.length > 1) return [{ path, message: `${fieldName(path)} has ${given.join(' and ')} at once`, fix }];
  const misspelt = Object.keys(found).filter((key) => nearest(key, kinds) !== null);
  if (misspelt.length > 0) return misspelt.map((key) => unknownKey(path, key));
  return [{ path, message: `${fieldName(path)} has none of ${kinds.join(', ')}`, fix }];
}

/** The keys that tell the forms of a choice apart: the first of each. */
function kindsAt(path: Path): readonly string[] {
  return shapesAt(path).flatMap((shape) => {
    const { def } = shape._zod;
    return def.type === 'union' ? def.options.flatMap((option) => fieldsOf(option as Shape).slice(0, 1)) : [];
  });
}

function fieldsOf(shape: Shape): readonly string[] {
  const { def } = shape._zod;
  if (def.type === 'union') return def.options.flatMap((option) => fieldsOf(option as Shape));
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** What a runbook may hold at a path; an optional field is what it holds when it is there. */
function shapesAt(path: Path): readonly Shape[] {
  return path.reduce<readonly Shape[]>((shapes, step) => shapes.flatMap((shape) => inside(shape, step)), [runbookShape as Shape]);
}

function inside(shape: Shape, step: string | number): readonly Shape[] {
  const { def } = shape._zod;
  const next = def.type === 'array' ? def.element : def.type === 'record' ? def.valueType : null;
  if (next) return [plain(next as Shape)];
  if (def.type === 'union') return def.options.flatMap((option) => inside(option as Shape, step));
  const field = def.type === 'object' && Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
  return field ? [plain(field as Shape)] : [];
}

function plain(shape: Shape): Shape {
  const { def } = shape._zod;
  return def.type === 'optional' ? plain(def.innerType as Shape) : shape;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, data);
}

function isMap(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields of a certain form say it themselves. */
function kindOf({ expected, message }: Extract<Issue, { code: 'invalid_type' }>): string {
  return message.startsWith(UNWORDED) ? (KINDS[expected] ?? expected) : message;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}
