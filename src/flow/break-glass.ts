import type { GlassUse } from '../model/break-glass.ts';
import type { GateFacts } from '../model/gate.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { RolloutEntry } from '../model/rollout.ts';
import type { Verdict } from '../model/verdict.ts';
import type { IssueReader, IssueWriter } from '../ports.ts';
import { glassBody, glassMarker, glassText, glassTitle } from '../render/break-glass.ts';

/** What is said of it on a thread, and the mark that it was said there. */
export interface Announced {
  readonly text: string;
  readonly entry: Extract<HistoryEntry, { what: 'broke-glass' }>;
}

/** Of what was lifted as much is noted: the check run that it is noted in has an end. `sluice gate` tells all. */
const MOST_LIFTED = 20;

/** The use of break-glass that a verdict rests on; null: it rests on owners. */
export function glassUse({ change }: GateFacts, { brokenGlass, head, digest }: Verdict): GlassUse | null {
  if (!brokenGlass || !change.pull.known || !head || !digest) return null;
  const glass = { ...brokenGlass, lifted: brokenGlass.lifted.slice(0, MOST_LIFTED) };
  return { pull: change.pull.value.number, head, digest, glass };
}

/** The same as the apply App noted it: nobody else can write there. */
export function notedUse(entries: readonly RolloutEntry[]): GlassUse | null {
  const noted = entries.find((entry) => entry.what === 'broke-glass');
  return noted?.what === 'broke-glass' ? noted.use : null;
}

/**
 * Opens the issue that an owner has to close, once for each content, and gives the words that announce it; null where that thread was told
 * before. Killed in between, the next attempt finds the issue by its marker.
 */
export async function announceGlass(
  use: GlassUse,
  past: readonly HistoryEntry[],
  at: string,
  issues: Pick<IssueReader, 'findByMarker'> & Pick<IssueWriter, 'open'>,
): Promise<Announced | null> {
  if (past.some((entry) => entry.what === 'broke-glass' && entry.pull === use.pull && entry.head === use.head)) return null;
  const [found] = await issues.findByMarker(glassMarker(use));
  const issue = found ?? (await issues.open(glassTitle(use), glassBody(use), ['sluice']));
  const entry = { what: 'broke-glass' as const, at, pull: use.pull, head: use.head, issue: issue.number };
  return { text: glassText(use, issue.number), entry };
}
