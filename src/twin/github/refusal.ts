import type { Fields, Json } from './json.ts';

const DOCS = 'https://docs.github.com/rest';

/** An answer other than success, thrown from wherever it becomes clear and written by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Fields;

  constructor(status: number, message: string, extra: Fields = {}) {
    super(message);
    this.status = status;
    this.body = { message, documentation_url: DOCS, status: String(status), ...extra };
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** GitHub's 422 for a field: `code` is its closed list (missing, invalid, already_exists, custom …). */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  const error: Record<string, Json> = { resource, field, code };
  if (message !== undefined) error.message = message;
  return new Refusal(422, message ?? 'Validation Failed', { errors: [error] });
}
