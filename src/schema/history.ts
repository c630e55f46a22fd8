import * as z from 'zod/mini';
import type { HistoryEntry } from '../model/history.ts';

const at = { at: z.string() };
const Texts = z.record(z.string(), z.string());
const Person = z.object({ id: z.number(), login: z.string() });
const Outcome = z.enum(['healthy', 'inconclusive', 'likely', 'confirmed']);

const Signal = z.object({
  source: z.enum(['alertmanager', 'grafana', 'databricks', 'dispatch']),
  status: z.enum(['firing', 'resolved']),
  alertname: z.string(),
  labels: Texts,
  annotations: Texts,
  startsAt: z.string(),
  endsAt: z.nullable(z.string()),
  fingerprint: z.string(),
});

const Entry = z.discriminatedUnion('what', [
  z.object({ what: z.literal('opened'), ...at, identity: z.string(), target: z.nullable(z.string()) }),
  z.object({ what: z.literal('signal'), ...at, signal: Signal }),
  z.object({ what: z.literal('reopened'), ...at }),
  z.object({
    what: z.literal('investigated'),
    ...at,
    outcome: Outcome,
    cause: z.nullable(z.string()),
    asker: z.nullable(Person),
    // Marks that were signed before hints were kept.
    hint: z._default(z.nullable(z.string()), null),
    acting: z.boolean(),
  }),
  z.object({ what: z.literal('snoozed'), ...at, by: Person, until: z.string() }),
  z.object({ what: z.literal('advised'), ...at, why: z.literal('flapping') }),
  z.object({ what: z.literal('blocked'), ...at, code: z.string() }),
  z.object({
    what: z.literal('proposed'),
    ...at,
    pull: z.number(),
    branch: z.string(),
    head: z.string(),
    record: z.string(),
    kind: z.enum(['change', 'action', 'rollback']),
  }),
  z.object({ what: z.literal('planned'), ...at, pull: z.number(), head: z.string() }),
  z.object({ what: z.literal('answered'), ...at, comment: z.number() }),
  z.object({
    what: z.literal('merged'),
    ...at,
    pull: z.number(),
    merge: z.string(),
    // Marks that were signed before these were kept.
    approvers: z._default(z.array(z.string()), []),
    status: z._default(z.nullable(z.number()), null),
  }),
  z.object({ what: z.literal('broke-glass'), ...at, pull: z.number(), head: z.string(), issue: z.number() }),
  z.object({ what: z.literal('rollout'), ...at, merge: z.string(), state: z.string() }),
  z.object({ what: z.literal('closed'), ...at, why: z.enum(['verified', 'healthy', 'dismissed', 'rolled-back']) }),
]);

/** An entry of a mark whose signature held; null for one that this version does not know. */
export function parseEntry(json: unknown): HistoryEntry | null {
  const parsed = Entry.safeParse(json);
  return parsed.success ? parsed.data : null;
}
