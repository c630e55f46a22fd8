export type Json = null | boolean | number | string | readonly Json[] | Fields;
export interface Fields {
  readonly [key: string]: Json;
}

/** Untrusted text as JSON; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function textsOf(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function fieldsOf(value: Json | undefined): Fields {
  return isFields(value) ? value : {};
}

/** The objects of a list; anything else in it is left out. */
export function rowsOf(value: Json | undefined): readonly Fields[] {
  return isList(value) ? value.filter((one) => isFields(one)) : [];
}
