import { load } from 'js-yaml';
import { type Fields, fieldsOf, isFields, isList, type Json, parseJson, rowsOf, textOf, textsOf } from '../github/json.ts';

export type JobLevel = 'read' | 'write' | 'none';
export type JobPermissions = Readonly<Record<string, JobLevel>>;

export interface Concurrency {
  readonly group: string;
  /** GitHub's `queue: max`: everything waits its turn; else a newer waiter replaces an older one. */
  readonly all: boolean;
}

export interface Step {
  readonly id: string | null;
  readonly uses: string | null;
  readonly run: string | null;
  readonly condition: string | null;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface Job {
  readonly name: string;
  readonly needs: readonly string[];
  readonly condition: string | null;
  readonly environment: string | null;
  readonly permissions: JobPermissions | null;
  readonly concurrency: Concurrency | null;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** A reusable workflow in place of steps. */
  readonly uses: string | null;
  readonly inputs: Readonly<Record<string, string>>;
  readonly secrets: 'inherit' | Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Workflow {
  readonly path: string;
  readonly name: string;
  readonly on: Readonly<Record<string, Fields>>;
  readonly permissions: JobPermissions | null;
  readonly concurrency: Concurrency | null;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: readonly Job[];
  readonly crons: readonly string[];
  /** `inputs` of workflow_call with their defaults. */
  readonly defaults: Readonly<Record<string, Json>>;
}

const ALL = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
] as const;

/** A workflow file; null when it is no workflow. */
export function parseWorkflow(path: string, text: string): Workflow | null {
  const root = plain(load(text));
  if (!isFields(root)) return null;
  const on = triggers(root.on);
  return {
    path,
    name: textOf(root.name) ?? path,
    on,
    permissions: permissionsOf(root.permissions),
    concurrency: concurrencyOf(root.concurrency),
    env: texts(root.env),
    jobs: Object.entries(fieldsOf(root.jobs)).map(([name, job]) => jobOf(name, fieldsOf(job))),
    crons: rowsOf(fieldsOf(root.on).schedule).flatMap((row) => textOf(row.cron) ?? []),
    defaults: Object.fromEntries(
      Object.entries(fieldsOf(on.workflow_call?.inputs)).map(([name, input]) => [name, fieldsOf(input).default ?? '']),
    ),
  };
}

/** YAML gives more types than JSON has (dates, for one): they become their text. */
function plain(value: unknown): Json {
  return parseJson(JSON.stringify(value ?? null)) ?? null;
}

function triggers(on: Json | undefined): Readonly<Record<string, Fields>> {
  if (typeof on === 'string') return { [on]: {} };
  if (isList(on)) return Object.fromEntries(textsOf(on).map((name) => [name, {}]));
  return Object.fromEntries(Object.entries(fieldsOf(on)).map(([name, value]) => [name, fieldsOf(value)]));
}

export function permissionsOf(value: Json | undefined): JobPermissions | null {
  if (value === undefined || value === null) return null;
  if (value === 'read-all' || value === 'write-all') {
    const level: JobLevel = value === 'read-all' ? 'read' : 'write';
    return Object.fromEntries(ALL.map((name) => [name, level]));
  }
  const entries = Object.entries(fieldsOf(value)).map(([name, level]): [string, JobLevel] => [
    name,
    level === 'write' || level === 'read' ? level : 'none',
  ]);
  return Object.fromEntries(entries);
}

function concurrencyOf(value: Json | undefined): Concurrency | null {
  if (typeof value === 'string') return { group: value, all: false };
  const group = textOf(fieldsOf(value).group);
  return group === null ? null : { group, all: fieldsOf(value).queue === 'max' };
}

function jobOf(name: string, job: Fields): Job {
  const { environment, needs, secrets } = job;
  return {
    name,
    needs: typeof needs === 'string' ? [needs] : textsOf(needs),
    condition: condition(job.if),
    environment: typeof environment === 'string' ? environment : textOf(fieldsOf(environment).name),
    permissions: permissionsOf(job.permissions),
    concurrency: concurrencyOf(job.concurrency),
    env: texts(job.env),
    steps: rowsOf(job.steps).map(stepOf),
    uses: textOf(job.uses),
    inputs: texts(job.with),
    secrets: secrets === 'inherit' ? 'inherit' : texts(secrets),
    outputs: texts(job.outputs),
  };
}

function stepOf(step: Fields): Step {
  return {
    id: textOf(step.id),
    uses: textOf(step.uses),
    run: textOf(step.run),
    condition: condition(step.if),
    inputs: texts(step.with),
    env: texts(step.env),
  };
}

function condition(value: Json | undefined): string | null {
  return typeof value === 'boolean' ? String(value) : textOf(value);
}

function texts(value: Json | undefined): Readonly<Record<string, string>> {
  const printable = (one: Json) => (one === null ? '' : typeof one === 'object' ? JSON.stringify(one) : String(one));
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([name, one]) => [name, printable(one)]));
}
