import type { Remedy, RemedyEdit, RemedyStep, Runbook, RunbookSignal } from '../model/runbook.ts';
import type { VerificationCheck } from '../model/verification.ts';
import type { RunbookData } from './runbook-shape.ts';

/** The written form as the model's nouns. */
export function toRunbook(data: RunbookData, file: string, prose: string): Runbook {
  return {
    id: data.id,
    title: data.title,
    file,
    alertnames: data.matches.alertnames ?? [],
    labels: data.matches.labels ?? {},
    symptoms: data.matches.symptoms ?? [],
    parameters: Object.fromEntries(
      Object.entries(data.parameters ?? {}).map(([name, { type, from, labels }]) => [
        name,
        { type, from, labels: labels ?? [name] },
      ]),
    ),
    signals: Object.entries(data.signals).map(([name, signal]) => toSignal(name, signal)),
    diagnose: data.diagnose.map(({ unless, ...rule }) => ({ ...rule, ...(unless && { unless }) })),
    remedies: data.remedies.map(toRemedy),
    conflicts: data.conflicts ?? [],
    verify: {
      checks: data.verify.checks.map(toCheck),
      settleMinutes: minutesOf(data.verify.settle),
      withinMinutes: minutesOf(data.verify.within),
    },
    prose,
  };
}

const unitMinutes: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

function minutesOf(duration: string): number {
  return Number(duration.slice(0, -1)) * (unitMinutes[duration.slice(-1)] ?? 1);
}

function toSignal(name: string, signal: RunbookData['signals'][string]): RunbookSignal {
  if ('prometheus' in signal) {
    const { prometheus: variants, range = null, step = null } = signal;
    return { name, query: { from: 'prometheus', variants, range, step }, unit: signal.unit, absent: signal.absent };
  }
  const [from, fact] = 'databricks' in signal ? (['databricks', signal.databricks] as const) : (['spark', signal.spark] as const);
  // Facts have their unit in core's tables, beside what they mean.
  return { name, query: { from, fact }, unit: '', absent: 'unknown' };
}

type RemedyData = RunbookData['remedies'][number];

function toRemedy(data: RemedyData): Remedy {
  const { id, causes, risk, impact, reason } = data;
  return { id, causes, when: data.when ?? null, step: toStep(data), risk, impact, reason, cost: data.cost ?? null };
}

function toStep(data: RemedyData): RemedyStep {
  if (data.advice !== undefined) return { do: 'advice', ...data.advice, ...(data.value && { value: data.value }) };
  return data.edit === undefined ? { do: 'repair' } : { do: 'edit', edit: toEdit(data.edit), value: data.value ?? '' };
}

function toEdit(edit: NonNullable<RemedyData['edit']>): RemedyEdit {
  if ('spark_conf' in edit) return { surface: 'spark-conf', key: edit.spark_conf };
  if ('cluster' in edit) return { surface: 'cluster', field: edit.cluster };
  return 'parameter' in edit ? { surface: 'parameter', name: edit.parameter } : { surface: 'file', pointer: edit.file };
}

function toCheck(check: RunbookData['verify']['checks'][number]): VerificationCheck {
  const { name, unit, expect, worse } = check;
  if (check.prometheus !== undefined) return { name, source: 'prometheus', query: check.prometheus, unit, expect, worse };
  if (check.spark !== undefined) return { name, source: 'spark', query: check.spark, unit, expect, worse };
  return { name, source: 'databricks', query: check.databricks ?? '', unit, expect, worse };
}
