import * as z from 'zod/mini';
import type { ChangeRecord } from '../model/record.ts';

const Change = { file: z.string(), selector: z.string(), old: z.nullable(z.string()), new: z.nullable(z.string()) };
const Int64 = z.string().check(z.regex(/^\d{1,19}$/));

const Action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('repair'), runId: Int64 }),
  z.strictObject({ do: z.literal('run-now'), parameters: z.record(z.string(), z.string()) }),
  z.strictObject({ do: z.literal('cancel'), runId: Int64 }),
]);

const Check = z.strictObject({
  name: z.string(),
  source: z.enum(['prometheus', 'databricks', 'spark']),
  query: z.string(),
  unit: z.string(),
  expect: z.string(),
  worse: z.string(),
});

/** Strict everywhere: a field that we do not know is a record that we cannot judge. */
const Record = z.strictObject({
  schema: z.literal(1),
  incident: z.int(),
  sequence: z.int(),
  kind: z.enum(['change', 'action', 'rollback']),
  undoes: z.nullable(z.string()),
  target: z.string(),
  target_kind: z.enum(['job-json', 'bundle', 'spark-conf', 'file']),
  repository_id: z.int(),
  workspace: z.nullable(z.string()),
  host: z.nullable(z.string()),
  job_id: z.nullable(Int64),
  runbook: z.nullable(z.strictObject({ id: z.string(), blob: z.string() })),
  risk: z.enum(['low', 'medium', 'high']),
  base_settings_digest: z.nullable(z.string()),
  changes: z.array(z.strictObject({ ...Change, reason: z.string(), evidence: z.array(z.string()) })),
  action: z.nullable(Action),
  inverse: z.array(z.strictObject(Change)),
  plan_digest: z.string(),
  baseline: z.record(z.string(), z.nullable(z.number())),
  verification: z.nullable(
    z.strictObject({
      kind: z.enum(['batch', 'streaming']),
      checks: z.array(Check),
      settle_minutes: z.number(),
      within_minutes: z.number(),
    }),
  ),
  rerun: z.nullable(
    z.strictObject({ how: z.enum(['repair', 'run-now', 'restart', 'cancel-and-run']), run_id: z.nullable(Int64) }),
  ),
  expires_at: z.string(),
  shaped_by: z.optional(z.array(z.int()).check(z.minLength(1))),
});

/** A change record from its text, or why it is none. Its layout is the gate's to judge, not the parser's. */
export function parseRecord(
  text: string,
): { readonly ok: true; readonly value: ChangeRecord } | { readonly ok: false; readonly why: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, why: `not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
  const parsed = Record.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, why: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') };
}
