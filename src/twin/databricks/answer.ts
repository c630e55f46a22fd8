import type { Json, Plain } from '../pipeline/json.ts';
import { jsonObject } from '../pipeline/json.ts';

/** What a route answers: JSON, or the bytes of a file. */
export interface Answer {
  readonly status: number;
  readonly body: Json | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in Databricks' error shape: `{"error_code", "message"}`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A missing thing is 400 INVALID_PARAMETER_VALUE in the Jobs and Clusters APIs, not 404. */
export function invalid(message: string): Refusal {
  return new Refusal(400, 'INVALID_PARAMETER_VALUE', message);
}

export function ok(body: { readonly [key: string]: Plain }): Answer {
  return { status: 200, body: jsonObject(body) };
}

export function refused(refusal: Refusal): Answer {
  return { status: refusal.status, body: jsonObject({ error_code: refusal.code, message: refusal.message }) };
}
