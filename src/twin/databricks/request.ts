import type { Json } from '../pipeline/json.ts';
import { digitsAt, isObject, JsonFault, parseJson } from '../pipeline/json.ts';
import { invalid, Refusal } from './answer.ts';

/** A call to the emulator, parsed: query parameters or a JSON body. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export function bodyOf(call: Call): Json {
  try {
    const body = parseJson(call.body === '' ? '{}' : call.body);
    if (isObject(body)) return body;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
  }
  throw new Refusal(400, 'MALFORMED_REQUEST', 'Invalid JSON given in the body of the request - expected a map');
}

export function idInBody(body: Json, name: string): string {
  const digits = digitsAt(body, name);
  if (digits === undefined) throw invalid(`${name} is required`);
  return digits;
}

export function idInQuery(call: Call, name: string): string {
  const text = call.query.get(name);
  if (text === null || !/^-?\d+$/.test(text)) throw invalid(`${name} must be an integer`);
  return text;
}

/** A whole number in the query, within bounds; `unset` when it is not given. */
export function countInQuery(
  call: Call,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly unset: number },
): number {
  const text = call.query.get(name);
  if (text === null || text === '') return bounds.unset;
  const value = Number(text);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw invalid(`${name} must be between ${bounds.min} and ${bounds.max} (inclusive)`);
}
