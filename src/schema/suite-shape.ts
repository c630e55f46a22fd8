import * as z from 'zod/mini';

const text = z.string();
const count = z.number().check(z.nonnegative());
const duration = z.string().check(z.regex(/^\d{1,5}(?:s|m|h|d)$/, 'a duration such as 30s, 10m, 24h or 7d'));
const size = z.union([count, z.string().check(z.regex(/^\d+(?:\.\d+)?(?:KB|MB|GB|TB)$/, 'a size such as 64MB or 1.5GB'))]);

const failure = z.strictObject({
  code: z._default(text, 'RUN_EXECUTION_ERROR'),
  type: z._default(text, 'CLIENT_ERROR'),
  message: z._default(text, 'Workload failed, see run output for details'),
  error: z._default(text, ''),
  trace: z._default(text, ''),
});

const event = z.strictObject({
  type: text,
  reason: z.optional(z.strictObject({ code: text, type: z._default(text, 'CLOUD_FAILURE') })),
});

const stage = z.strictObject({
  name: z._default(text, 'save at Job.scala:42'),
  reads: z._default(z.enum(['files', 'shuffle']), 'shuffle'),
  tasks: z.number().check(z.int(), z.positive()),
  seconds: count,
  bytes: size,
  outliers: z.optional(z.strictObject({ tasks: z._default(count, 1), seconds: count, bytes: size })),
  failed: z._default(count, 0),
  retried: z._default(count, 0),
  spilled: z._default(size, 0),
  spilled_by: z._default(z.enum(['all', 'outliers']), 'all'),
  gc: z._default(count, 0.03),
  shuffle_write: z._default(count, 0),
  slots: z._default(count, 32),
});

const run = z.strictObject({
  started: duration,
  took: z.optional(duration),
  /** The same run once more, each time this much earlier. */
  every: z.optional(duration),
  times: z._default(count, 1),
  result: z._default(z.enum(['succeeded', 'failed', 'canceled', 'timed-out', 'active']), 'succeeded'),
  failure: z.optional(failure),
  events: z._default(z.array(event), []),
  stages: z._default(z.record(text, stage), {}),
  task: z.optional(text),
});

const texts = z._default(z.array(text), []);
const outcome = z.enum(['healthy', 'inconclusive', 'likely', 'confirmed']);

const answer = z.strictObject({
  no_change: z._default(z.boolean(), false),
  outcome: z.union([outcome, z.array(outcome)]),
  runbook: z.optional(text),
  cause: z.optional(text),
  remedies: texts,
  forbidden: texts,
  evidence: texts,
  value: z.optional(z.union([text, z.number()])),
});

/** A case with everything in its place: what a file's common part and the case's own part give together. */
export const suiteCaseShape = z.strictObject({
  name: text,
  alert: z.strictObject({
    alertname: text,
    labels: z._default(z.record(text, text), {}),
    annotations: z._default(z.record(text, text), {}),
  }),
  targets: z._default(z.array(z.record(text, z.unknown())), []),
  limits: z._default(z.record(text, z.unknown()), {}),
  job_id: z._default(text, '7001'),
  job: z.optional(z.record(text, z.unknown())),
  files: z._default(z.record(text, text), {}),
  series: z._default(z.record(text, z.union([text, z.number()])), {}),
  runs: z._default(z.record(text, run), {}),
  answer,
});

export type SuiteCaseData = z.infer<typeof suiteCaseShape>;
export type RunData = z.infer<typeof run>;
export type StageData = z.infer<typeof stage>;
