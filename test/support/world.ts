import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnosis.ts';
import { numbered } from '../../src/core/evidence.ts';
import { factsOfJob, jobFacts } from '../../src/core/job-facts.ts';
import { assemblePlan } from '../../src/core/plan.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { RunbookSignal } from '../../src/model/runbook.ts';
import type { Target } from '../../src/model/target.ts';
import { openLimits, shippedRunbooks, targetOf } from './rehearsal.ts';
import { aFact } from './runbook.ts';

/** What is measured and set in one world; `lag_slope` and its like say how a ranged signal came to its value. */
export interface World {
  readonly facts: Readonly<Record<string, number | string | boolean | null>>;
  readonly conf?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** A file of another kind in place of a job. */
  readonly file?: { readonly path: string; readonly text: string };
}

export interface Row {
  readonly rule: string;
  readonly given?: World;
  /** The one thing that is otherwise in the world in which the rule does not hold. */
  readonly but: World;
  /** What the plan writes, or the advice it gives by its remedy's words. */
  readonly writes?: readonly [key: string, value: string];
  readonly advises?: RegExp;
}

const nodes = [{ id: 'm5.2xlarge', memoryMb: 32_768, cores: 8 }];

/** Holds a shipped runbook against its worlds: every rule in one where it holds, and in one where one thing is otherwise. */
export function worldsOf(id: string, base: World, rows: readonly Row[]): void {
  describe(`the runbook ${id}`, () => {
    const runbook = shippedRunbooks().find((one) => one.runbook.id === id)?.runbook;
    if (runbook === undefined) throw new Error(`no runbook ${id}`);

    test('has a world for each of its rules', () => {
      expect([...new Set(rows.map(({ rule }) => rule))].sort()).toEqual(runbook.diagnose.map((rule) => rule.id).sort());
    });

    test.each(rows.map((row) => [row.rule, JSON.stringify(row.but), row] as const))(
      'holds %s, but not with %s',
      (rule, _, row) => {
        const given = both(base, row.given ?? { facts: {} });

        expect(causesIn(runbook, given)).toContain(rule);
        expect(causesIn(runbook, both(given, row.but))).not.toContain(rule);
      },
    );

    const stepping = rows.filter((row) => row.writes !== undefined || row.advises !== undefined);
    if (stepping.length === 0) return;
    test.each(stepping.map((row) => [row.rule, row.writes?.join(' = ') ?? String(row.advises), row] as const))(
      'answers %s by %s',
      (_rule, _step, row) => {
        const { plan } = planIn(runbook, both(base, row.given ?? { facts: {} }));
        const [change] = plan?.kind === 'change' ? plan.changes : [];

        if (row.writes !== undefined)
          expect([change?.selector, change?.new]).toEqual([expect.stringContaining(row.writes[0]), row.writes[1]]);
        else expect(plan?.kind === 'advice' ? plan.what : JSON.stringify(plan)).toMatch(row.advises ?? /./);
      },
    );
  });
}

type Shipped = ReturnType<typeof shippedRunbooks>[number]['runbook'];

function causesIn(runbook: Shipped, world: World): readonly string[] {
  return planIn(runbook, world).diagnosis.causes.map((cause) => cause.id);
}

/** The diagnosis and the plan that a runbook makes of a world. */
export function planIn(runbook: Shipped, world: World) {
  const evidence = numbered(runbook.signals.map((signal) => measured(signal, world)));
  const target = targetIn(world);
  const settings = settingsOf(world);
  const facts = world.file ? null : jobFacts(settings, target, nodes);
  const job = facts?.ok ? known(facts.value) : unknown('the target names no job');
  const diagnosis = diagnose(runbook, evidence, job.known ? factsOfJob(job.value) : {});
  const assembled = assemblePlan({
    ...{ runbook, blob: null, diagnosis, evidence, target, job, limits: openLimits, baseline: {} },
    live: world.file ? null : known({ id: '1', name: 'n', settings, managedBy: null }),
    nodeTypes: known(nodes),
    files: [world.file ?? { path: 'jobs/oom.json', text: settings }],
    parameters: { group: 'g', topic: 't', stream: 's', app: 'a' },
    latestRun: null,
    runSeconds: 3600,
  });
  return { diagnosis, ...assembled };
}

function targetIn({ file }: World): Target {
  const part = { taskKey: 'main', clusterKey: null };
  return file
    ? targetOf('oom', { kind: 'file', appliedBy: 'pipeline', files: [file.path], job: null, ...part })
    : targetOf('oom', part);
}

/** Half an hour of points where the world tells a slope; else the value alone. */
function measured({ name, unit }: RunbookSignal, { facts }: World): Evidence {
  const [value, slope] = [facts[name] ?? null, facts[`${name}_slope`]];
  if (typeof value !== 'number' || typeof slope !== 'number') return aFact(name, value, { unit });
  return aFact(name, value, { unit, points: [1800, 900, 0].map((ago) => [1800 - ago, value - slope * ago] as const) });
}

function settingsOf({ conf = {}, parameters = {}, workers = 4 }: World): string {
  const cluster = { node_type_id: 'm5.2xlarge', num_workers: workers, spark_version: '15.4.x-scala2.12', spark_conf: conf };
  return JSON.stringify({
    name: 'n',
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, default: value })),
    tasks: [{ task_key: 'main', job_cluster_key: 'main' }],
    job_clusters: [{ job_cluster_key: 'main', new_cluster: cluster }],
  });
}

function both(one: World, other: World): World {
  return {
    ...{ ...one, ...other },
    facts: { ...one.facts, ...other.facts },
    conf: { ...one.conf, ...other.conf },
    parameters: { ...one.parameters, ...other.parameters },
  };
}
