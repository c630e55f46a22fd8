import { formatOf, readLexeme } from '../core/edit/edit.ts';
import { watchedFiles } from '../core/gate/guard.ts';
import type { PolicyFacts } from '../model/gate.ts';
import { type Known, known } from '../model/known.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { ContentReader, MergedChangeReader } from '../ports.ts';

/** A later change of the same job, or target files at HEAD that no longer hold the new values. */
export async function isSuperseded(
  merge: string,
  record: ChangeRecord,
  policies: readonly PolicyFacts[],
  ports: { readonly merged: MergedChangeReader; readonly content: ContentReader },
): Promise<Known<boolean>> {
  const merged = await ports.merged.merged(filesOf(policies), policies.at(-1)?.commit);
  if (!merged.known) return merged;
  const self = merged.value.changes.find((one) => one.merge === merge);
  if (!self) return known(true);
  if (newerFor(self, merged.value.changes)) return known(true);
  const held = await Promise.all(
    record.changes.map(async (change) => {
      const format = formatOf(change.file);
      const file = await ports.content.read(change.file, merged.value.tip);
      const lexeme = format && file ? readLexeme(format, file.text, change.selector) : null;
      return lexeme?.ok === true && lexeme.value === change.new;
    }),
  );
  return known(held.includes(false));
}

/** The same list as an attempt asks for, so that what it has read is not read again. */
function filesOf(policies: readonly PolicyFacts[]): readonly string[] {
  return watchedFiles(policies.flatMap(({ config }) => (config.known ? config.value.targets : [])));
}

/** A later record for the same job: from then on this one is history. */
export function newerFor(self: MergedChange, changes: readonly MergedChange[]): boolean {
  return changes.some((one) => one.order < self.order && one.record.job_id !== null && one.record.job_id === self.record.job_id);
}
