import { dump, load, YAMLException } from 'js-yaml';
import * as z from 'zod/mini';
import { type RecordedRun, type RecordedSeries, type RecordedStage, SUITE_INSTANT, type SuiteCase } from '../model/suite.ts';
import { readSeries } from './suite-series.ts';
import { type RunData, type StageData, type SuiteCaseData, suiteCaseShape } from './suite-shape.ts';

export type SuiteRead =
  | { readonly ok: true; readonly cases: readonly SuiteCase[] }
  | { readonly ok: false; readonly faults: readonly string[] };

type Fields = Readonly<Record<string, unknown>>;

const file = z.looseObject({ type: z.string(), cases: z.array(z.looseObject({ name: z.string() })) });

/**
 * Reads one file of the diagnosis suite: a `type`, what its cases have in common, and the `cases`, each saying only how it differs. Maps of a
 * case are laid over the common ones key by key, everything else replaces, and null takes a key away.
 */
export function parseSuite(text: string, path: string): SuiteRead {
  const whole = file.safeParse(loaded(text));
  if (!whole.success) return { ok: false, faults: [`${path}: ${misfits(whole.error.issues)}`] };
  const { type, cases, ...common } = whole.data;
  const read = cases.map((own) => {
    const found = suiteCaseShape.safeParse(laidOver(common, own));
    return found.success ? toCase(found.data, type, path) : `${path}: ${own.name}: ${misfits(found.error.issues)}`;
  });
  const faults = read.filter((one) => typeof one === 'string');
  return faults.length > 0 ? { ok: false, faults } : { ok: true, cases: read.filter((one) => typeof one !== 'string') };
}

function misfits(issues: readonly z.core.$ZodIssue[]): string {
  const said = (issue: z.core.$ZodIssue) =>
    issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is no field of it` : issue.message;
  return issues.map((issue) => `${issue.path.join('.') || 'the case'}: ${said(issue)}`).join('; ');
}

function loaded(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (error instanceof YAMLException) return error.message;
    throw error;
  }
}

function laidOver(common: unknown, own: unknown): unknown {
  if (!isFields(common) || !isFields(own)) return own;
  const keys = [...new Set([...Object.keys(common), ...Object.keys(own)])];
  const laid = keys.map((key) => [key, Object.hasOwn(own, key) ? laidOver(common[key], own[key]) : common[key]] as const);
  return Object.fromEntries(laid.filter(([, value]) => value !== null));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toCase(data: SuiteCaseData, type: string, path: string): SuiteCase | string {
  const series = Object.entries(data.series).map(([selector, notation]) => readSeries(selector, String(notation)) ?? selector);
  const wrong = series.find((one) => typeof one === 'string');
  if (typeof wrong === 'string') return `${path}: ${data.name}: ${wrong} is no series in promtool's notation`;
  const { outcome, cause, runbook, value, ...answer } = data.answer;
  return {
    ...{ type, name: data.name, file: path },
    alert: alertBody(data.alert),
    config: dump({ mode: 'propose', limits: { max_workers: 16, percent_per_step: 400, ...data.limits }, targets: data.targets }),
    files: data.files,
    job: data.job === undefined ? null : { id: data.job_id, settings: `${JSON.stringify(data.job, null, 2)}\n` },
    world: {
      series: series.filter((one): one is RecordedSeries => typeof one !== 'string'),
      runs: Object.values(data.runs).flatMap(toRuns),
    },
    answer: {
      noChange: answer.no_change,
      outcomes: Array.isArray(outcome) ? outcome : [outcome],
      ...{ cause: cause ?? null, runbook: runbook ?? null },
      ...{ remedies: answer.remedies, forbidden: answer.forbidden, evidence: answer.evidence },
      value: value === undefined ? null : String(value),
    },
  };
}

/** An Alertmanager webhook body with this one alert; it began five minutes before the suite's instant. */
function alertBody({ alertname, labels, annotations }: SuiteCaseData['alert']): unknown {
  const alert = {
    ...{ status: 'firing', labels: { alertname, ...labels }, annotations, fingerprint: 'suite' },
    ...{ startsAt: new Date(Date.parse(SUITE_INSTANT) - 5 * 60_000).toISOString(), endsAt: '0001-01-01T00:00:00Z' },
  };
  return { version: '4', groupKey: '{}:{}', status: 'firing', receiver: 'sluice', alerts: [alert] };
}

function toRuns(run: RunData): readonly RecordedRun[] {
  return Array.from({ length: run.times }, (_, index) => ({
    startedAgo: minutesOf(run.started) + index * minutesOf(run.every ?? '0m'),
    minutes: run.took === undefined ? null : minutesOf(run.took),
    result: run.result,
    failure: run.failure ?? null,
    events: run.events.map(({ type, reason }) => ({ type, reason: reason ?? null })),
    stages: Object.values(run.stages).map(toStage),
    task: run.task ?? null,
  }));
}

function toStage({ seconds, bytes, outliers, failed, spilled, spilled_by, shuffle_write, ...stage }: StageData): RecordedStage {
  return {
    ...stage,
    ...{ taskMs: seconds * 1000, taskBytes: bytesOf(bytes), failedAttempts: failed, spilled: bytesOf(spilled) },
    ...{ spilledBy: spilled_by, shuffleWrite: shuffle_write },
    outliers: outliers === undefined ? null : { ...outliers, ms: outliers.seconds * 1000, bytes: bytesOf(outliers.bytes) },
  };
}

const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

function minutesOf(text: string): number {
  return Number.parseInt(text, 10) * (MINUTES[text.at(-1) ?? ''] ?? 1);
}

const POWERS = ['KB', 'MB', 'GB', 'TB'];

function bytesOf(size: number | string): number {
  if (typeof size === 'number') return size;
  return Math.round(Number.parseFloat(size) * 1024 ** (POWERS.indexOf(size.slice(-2)) + 1));
}
