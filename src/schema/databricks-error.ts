import { readExactJson } from './exact-json.ts';
import { withoutSecrets } from './redact.ts';

/** What an error answer means for the caller; the words are Databricks' own, cut short and without control characters. */
export interface WorkspaceFault {
  readonly code: 'missing' | 'forbidden' | 'busy' | 'refused' | 'broken';
  readonly text: string;
}

/** Missing things answer 400 INVALID_PARAMETER_VALUE with such a text, and not always 404. */
const missingText = /\b(?:job|run|cluster)\b.*\bdoes not exist\b/i;
const busyText = /REQUEST_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|TEMPORARILY_UNAVAILABLE/;

/**
 * Reads an error of any shape the service is known to give: JSON with a text or numeric error_code, `detail` (SCIM), `error` (1.2),
 * plain `CODE: message`, HTML with a `<pre>`, or nothing at all.
 */
export function readFault(status: number, body: string): WorkspaceFault {
  const { code, message } = wordsOf(body);
  const text = cut(`${status} ${[code, message].filter((word) => word !== '').join(': ') || 'without a message'}`);
  if (status === 404 || code === 'RESOURCE_DOES_NOT_EXIST' || (status === 400 && missingText.test(message)))
    return { code: 'missing', text };
  if (status === 429 || busyText.test(code)) return { code: 'busy', text };
  if (status === 401 || status === 403) return { code: 'forbidden', text };
  return { code: status >= 500 ? 'broken' : 'refused', text };
}

function wordsOf(body: string): { readonly code: string; readonly message: string } {
  const read = readExactJson(body);
  if (read.ok && typeof read.value === 'object' && read.value !== null) {
    const found = new Map<string, unknown>(Object.entries(read.value));
    return {
      code: word(found.get('error_code')),
      message: word(found.get('message')) || word(found.get('detail')) || word(found.get('error')),
    };
  }
  const html = /<pre>([\s\S]*?)<\/pre>/i.exec(body)?.[1];
  const plain = /^\s*([A-Z][A-Z_]+): (.*)/s.exec(html ?? body);
  if (plain !== null) return { code: plain[1] ?? '', message: plain[2] ?? '' };
  return { code: '', message: html ?? (/^\s*</.test(body) ? 'an HTML page' : body) };
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function cut(text: string): string {
  const clean = withoutSecrets(text)
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return clean.length > 400 ? `${clean.slice(0, 400)}…` : clean;
}
