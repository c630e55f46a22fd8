import type { EditFormat } from './format.ts';
import { readTree } from './text.ts';
import type { ScalarType } from './tree.ts';

/** A value as its file gives it to whoever reads it: a text by its meaning, a number or switch by its own token. */
export interface WrittenValue {
  readonly type: ScalarType;
  readonly text: string;
}

/** The one value that a lexeme is. With a tag, an anchor or a comment beside it, it is taken for the text of all that: no setting's value. */
export function writtenValue(format: EditFormat, lexeme: string): WrittenValue {
  const raw = { type: 'string', text: lexeme } as const;
  const tree = format === 'conf' ? null : readTree(format, lexeme);
  if (!tree?.ok || tree.value.kind !== 'scalar') return raw;
  const { type, text, start, end } = tree.value;
  return type !== null && start === 0 && end === lexeme.length ? { type, text } : raw;
}
