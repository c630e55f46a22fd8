import type { Change } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { applyChanges, readLexeme } from './edit.ts';

/** The source text of the selected value in live job settings (raw JSON text); null when its key is not there. */
export function readSettingsLexeme(settings: string, selector: string): Outcome<string | null, EditReasonCode> {
  return readLexeme('json', settings, selector);
}

/** Live job settings with the changes applied; every other byte stays, so that unknown fields and int64 ids survive. */
export function applySettingsChanges(settings: string, changes: readonly Change[]): Outcome<string, EditReasonCode> {
  const applied = applyChanges('json', settings, changes);
  return applied.ok ? { ok: true, value: applied.value.text } : applied;
}
