import type { Limits } from '../../model/config.ts';
import { quantityOf } from '../quantity.ts';
import { type GateReason, reason } from './reason.ts';
import type { WrittenChange } from './value.ts';

/**
 * Whether one step goes further than the repository allows: between numbers as they stand, between sizes in bytes. A number that a reader may take for
 * another one is refused, and so is a step between a number and something that is none; a value that is added or taken out is no step.
 * `isWord`: the new value is a word that every setting it reaches takes, such as `auto`.
 */
export function stepReasons(
  change: WrittenChange,
  isWord: boolean,
  { percentPerStep }: Pick<Limits, 'percentPerStep'>,
): GateReason[] {
  const { selector, old, new: next } = change;
  if (old === null || next === null || isWord) return [];
  const [before, after] = [quantityOf(old.text), quantityOf(next.text)];
  const exceeds = (expected: string) => [reason('limit_exceeded', selector, expected, `${old.text} → ${next.text}`)];
  if (after?.isPlain === false) return exceeds('a number in plain digits');
  if ((before === null) !== (after === null) && !isEmptyWord(old.text)) return exceeds('a step that can be measured');
  if (before === null || after === null || before.number <= 0) return [];
  const isFar = Math.abs(after.number - before.number) > (before.number * percentPerStep) / 100;
  return isFar ? exceeds(`a step of at most ${percentPerStep} %`) : [];
}

/** Letters alone, such as `auto` or `null`, are a number to nobody: what follows them is a first one. */
function isEmptyWord(text: string): boolean {
  return /^[a-z]*$/i.test(text);
}
