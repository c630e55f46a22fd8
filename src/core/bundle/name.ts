import type { Outcome } from '../../model/reason.ts';
import { meaningOf, readLexeme } from '../edit/edit.ts';
import { formatSelector } from '../selector.ts';

/**
 * The name that a bundle's files give to the job of a resource key: written once, in one file, as plain text. A name with a variable in
 * it is only known to the bundle's own tool, so it is refused.
 */
export function bundleJobName(
  files: readonly { readonly path: string; readonly text: string }[],
  resource: string,
): Outcome<string> {
  const selector = formatSelector([{ key: 'resources' }, { key: 'jobs' }, { key: resource }, { key: 'name' }]);
  const refuse = (observed: string): Outcome<never> => ({
    ok: false,
    reason: { code: 'target_mismatch', subject: selector, expected: 'a name written once in the bundle’s files', observed },
  });
  const found: string[] = [];
  for (const { path, text } of files) {
    const lexeme = readLexeme('yaml', text, selector);
    if (!lexeme.ok) return refuse(`${path}: ${lexeme.reason.code}`);
    if (lexeme.value !== null) found.push(meaningOf('yaml', lexeme.value));
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return refuse(found.length === 0 ? 'none' : `${found.length} of them`);
  if (!only.startsWith('string:') || only.includes('${')) return refuse(only);
  return { ok: true, value: only.slice('string:'.length) };
}
