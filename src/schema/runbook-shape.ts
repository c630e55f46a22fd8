import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));
const NAME = 'a lower case name such as lag_seconds (letters, digits and _)';
const ID = 'a lower case id such as too-few-workers (letters, digits and -)';
const DURATION = 'a duration such as 30s, 10m, 24h or 7d';
const name = z.string(NAME).check(z.regex(/^[a-z][a-z0-9_]{0,39}$/, NAME));
const id = z.string(ID).check(z.regex(/^[a-z][a-z0-9-]{0,59}$/, ID));
const duration = z.string(DURATION).check(z.regex(/^\d{1,5}(?:s|m|h|d)$/, DURATION));
const texts = z.optional(z.array(text));

const parameter = z.strictObject({
  type: z.enum(['string', 'int64']),
  from: z.enum(['label', 'target']),
  labels: texts,
});

const prometheusSignal = z.strictObject({
  prometheus: z.record(z.string().check(z.regex(/^[a-z][a-z0-9_]*$/, 'a lower case name such as kafka_exporter')), text),
  range: z.optional(duration),
  step: z.optional(duration),
  unit: z.string(),
  absent: z.enum(['unknown', 'healthy']),
});
const databricksSignal = z.strictObject({ databricks: text });
const sparkSignal = z.strictObject({ spark: text });

const rule = z.strictObject({
  id,
  when: text,
  outcome: z.enum(['likely', 'confirmed', 'healthy']),
  explanation: text,
  unless: z.optional(z.array(id)),
});

const edit = z.union([
  z.strictObject({ spark_conf: text }),
  z.strictObject({ cluster: text }),
  z.strictObject({ parameter: text }),
  z.strictObject({ file: text }),
]);
const remedy = z.strictObject({
  id,
  causes: z.array(id).check(z.minLength(1)),
  when: z.optional(text),
  edit: z.optional(edit),
  value: z.optional(text),
  repair: z.optional(z.literal(true)),
  advice: z.optional(z.strictObject({ who: text, what: text })),
  risk: z.enum(['low', 'medium', 'high']),
  impact: text,
  reason: text,
  cost: z.optional(text),
});

const check = z.strictObject({
  name,
  prometheus: z.optional(text),
  databricks: z.optional(text),
  spark: z.optional(text),
  unit: z.string(),
  expect: text,
  worse: text,
});

/** The front matter of a runbook as people write it. */
export const runbookShape = z.strictObject({
  id,
  title: text,
  matches: z.strictObject({ alertnames: texts, labels: z.optional(z.record(z.string(), text)), symptoms: texts }),
  parameters: z.optional(z.record(name, parameter)),
  signals: z.record(name, z.union([prometheusSignal, databricksSignal, sparkSignal])),
  diagnose: z.array(rule).check(z.minLength(1)),
  remedies: z.array(remedy),
  conflicts: z.optional(z.array(z.strictObject({ cause: id, forbids: id, why: text }))),
  verify: z.strictObject({ settle: duration, within: duration, checks: z.array(check).check(z.minLength(1)) }),
});

export type RunbookData = z.infer<typeof runbookShape>;
