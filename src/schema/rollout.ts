import * as z from 'zod/mini';
import { type Known, known, unknown } from '../model/known.ts';
import { GATE_REASONS } from '../model/reason.ts';
import type { RolloutEntry } from '../model/rollout.ts';

const seen = { at: z.string(), run: z.string() };
const Rerun = z.enum(['repair', 'run-now', 'restart', 'cancel-and-run', 'cancel']);
const Direction = z.enum(['apply', 'rollback']);

const CheckResult = z.object({
  name: z.string(),
  unit: z.string(),
  before: z.nullable(z.number()),
  after: z.nullable(z.number()),
  verdict: z.enum(['improved', 'as-expected', 'unchanged', 'worse', 'inconclusive']),
});

const Verification = z.object({
  verdict: z.enum(['improved', 'unchanged', 'worse', 'inconclusive', 'awaiting-run']),
  checks: z.array(CheckResult),
  runId: z.nullable(z.string()),
  at: z.string(),
  expectedAt: z.nullable(z.string()),
});

const GlassUse = z.object({
  pull: z.int(),
  head: z.string(),
  digest: z.string(),
  glass: z.object({
    people: z.array(z.object({ login: z.string(), reason: z.string() })),
    lifted: z.array(z.object({ code: z.enum(GATE_REASONS), subject: z.string(), expected: z.string(), observed: z.string() })),
  }),
});

const Entry = z.discriminatedUnion('what', [
  z.object({ what: z.literal('derived'), ...seen, pull: z.nullable(z.int()), changes: z.int() }),
  z.object({ what: z.literal('broke-glass'), ...seen, use: GlassUse }),
  z.object({ what: z.literal('intent'), ...seen, before: z.string(), after: z.string(), direction: Direction }),
  z.object({ what: z.literal('written'), ...seen, writes: z.int(), direction: Direction }),
  z.object({ what: z.literal('adopted'), ...seen, direction: Direction }),
  z.object({ what: z.literal('rerun-intent'), ...seen, how: Rerun, subject: z.string() }),
  z.object({ what: z.literal('rerun'), ...seen, id: z.nullable(z.string()) }),
  z.object({ what: z.literal('refused'), ...seen, code: z.string(), detail: z.string() }),
  z.object({ what: z.literal('retry'), ...seen }),
  z.object({ what: z.literal('done'), ...seen }),
  z.object({ what: z.literal('proposal-due'), ...seen }),
  z.object({ what: z.literal('verified'), ...seen, verification: Verification }),
]);

const FENCE = '```json lines';

/** The entries as people see them in the check run: one JSON document a line, fenced. */
export function rolloutText(entries: readonly RolloutEntry[]): string {
  return [FENCE, ...entries.map((entry) => JSON.stringify(entry)), '```', ''].join('\n');
}

/** The entries of a check run's text; an empty text has none. One unreadable line makes the whole log unknown. */
export function parseRollout(text: string): Known<readonly RolloutEntry[]> {
  if (text.trim() === '') return known([]);
  const lines = text.trim().split('\n');
  if (lines[0] !== FENCE || lines.at(-1) !== '```') return unknown('the rollout log is not in its fence');
  try {
    return known(lines.slice(1, -1).map((line) => Entry.parse(JSON.parse(line))));
  } catch (error) {
    return unknown(`a line of the rollout log cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
