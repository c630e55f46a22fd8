import { describe, expect, test } from 'vitest';
import { type LivePorts, liveFacts } from '../../src/flow/live-facts.ts';
import type { GateQuestion } from '../../src/model/gate.ts';
import type { Run } from '../../src/model/job.ts';
import { type Known, known, unknown } from '../../src/model/known.ts';
import type { Target } from '../../src/model/target.ts';
import type { WorkspaceReader } from '../../src/ports.ts';
import { facts, MERGE, record } from '../support/gate.ts';
import { targetOf } from '../support/rehearsal.ts';

const FILE = 'jobs/bundle/resources/ledger.yml';
const OTHER = 'jobs/bundle/databricks.yml';
const yaml = (name: string) => `resources:\n  jobs:\n    ledger:\n      name: ${name}\n`;
const bundle = targetOf('bundle', {
  name: 'ledger',
  files: [FILE, OTHER],
  kind: 'bundle',
  appliedBy: 'pipeline',
  job: { by: 'bundle', resource: 'ledger', bundleTarget: 'prod' },
});
const succeeded: Run = {
  id: '7',
  jobId: '42',
  outcome: 'succeeded',
  startedAt: '2026-11-23T03:45:00Z',
  endedAt: '2026-11-23T03:55:00Z',
  terminationCode: null,
  terminationType: null,
  message: '',
  tasks: [],
  repairs: [],
};

interface Outside {
  readonly target?: Target;
  readonly jobs?: Known<readonly string[]>;
  /** The bundle file as the change leaves it. */
  readonly after?: Known<string | null>;
  readonly moment?: 'open' | 'apply';
  readonly shapedBy?: readonly number[];
}

/** The facts that a flow adds for a bundle's change; the live job of every name is `jobs`, and its latest run succeeded. */
async function live({
  target = bundle,
  jobs = known(['42']),
  after = known(yaml('ledger-rollup')),
  moment = 'open',
  shapedBy,
}: Outside) {
  const asked: string[] = [];
  const check = {
    name: 'run_failed',
    source: 'databricks',
    query: 'run_failed',
    unit: '',
    expect: 'after == 0.0',
    worse: 'after > before',
  } as const;
  const verification = { kind: 'batch', checks: [check], settle_minutes: 0, within_minutes: 60 } as const;
  const bare = { target: 'ledger', target_kind: target.kind, changes: [], baseline: { run_failed: 1 }, verification };
  const own = record({ ...bare, shaped_by: shapedBy });
  const { change, followUp } = facts({ record: own, config: { targets: [target] }, moment });
  const workspace: WorkspaceReader = {
    name: 'prod',
    host: 'https://prod.example.test',
    job: async () => unknown('not asked here'),
    jobsNamed: async (name) => {
      asked.push(name);
      return jobs;
    },
    runs: async () => known([succeeded]),
    run: async () => unknown('not asked here'),
    details: {
      taskError: async () => unknown('not asked here'),
      clusterEvents: async () => unknown('not asked here'),
      nodeTypes: async () => unknown('not asked here'),
    },
  };
  const ports: LivePorts = {
    clock: { now: async () => new Date('2026-11-23T04:00:00Z'), sleep: async () => undefined },
    facts: {
      change: async () => change,
      followUp: async () => followUp,
      commanders: async () => known([]),
    },
    content: {
      tip: async () => {
        throw new Error('not asked here');
      },
      read: async (path) => (path === OTHER ? { text: 'bundle:\n  name: finance\n', blob: 'b' } : null),
      list: async () => [],
    },
    merged: {
      merged: async () => unknown('not asked here'),
      policy: async () => unknown('not asked here'),
      at: async () => unknown('not asked here'),
    },
    log: null,
    reads: () => ({ metrics: null, workspace, stages: null }),
    ours: [],
    appId: null,
  };
  const question: GateQuestion = moment === 'apply' ? { moment, merge: MERGE } : { moment, pull: 12 };
  const blobs = [{ path: FILE, before: known(yaml('old-name')), after }];
  const told = await liveFacts(question, change, { ...followUp, blobs }, ports);
  return { told, asked };
}

describe('the live job of a bundle', () => {
  test('is the one job with the name that the merged files give it', async () => {
    const { told, asked } = await live({});

    expect(asked).toEqual(['ledger-rollup']);
    expect(told.targets.map((one) => one.jobId)).toEqual([known('42')]);
  });

  test.each<[string, Outside]>([
    ['no job of that name', { jobs: known([]) }],
    ['several jobs of that name', { jobs: known(['42', '43']) }],
    ['a list of jobs that cannot be read', { jobs: unknown('unreadable: 503') }],
    ['a file that cannot be read', { after: unknown('not UTF-8') }],
    ['a file that is gone', { after: known(null) }],
    ['a name with a variable in it', { after: known(yaml(`ledger-\${bundle.target}`)) }],
    ['a bundle that Sluice would write to', { target: { ...bundle, appliedBy: 'sluice' } }],
  ])('cannot be told with %s', async (_, outside) => {
    expect((await live(outside)).told.targets.map((one) => one.jobId.known)).toEqual([false]);
  });
});

describe('signals that are good again', () => {
  test('hold a proposal back', async () => {
    expect((await live({})).told.recovered).toEqual(known(true));
  });

  test('hold back what Sluice is about to apply', async () => {
    const target = targetOf('oom', { name: 'ledger' });

    expect((await live({ target, moment: 'apply' })).told.recovered).toEqual(known(true));
  });

  test('are no reason once a pipeline or the merge has applied it: they may be its doing', async () => {
    const merged: Target = { ...bundle, kind: 'spark-conf', appliedBy: 'merge', job: { by: 'id', id: '42' } };

    expect((await live({ moment: 'apply' })).told.recovered).toEqual(known(false));
    expect((await live({ target: merged, moment: 'apply' })).told.recovered).toEqual(known(false));
  });
});

test('whom the record names has shaped the change, when it is decided and when it is applied', async () => {
  for (const moment of ['open', 'apply'] as const) {
    expect((await live({ moment, shapedBy: [11] })).told.asked).toEqual(known({ shapers: [11], askers: [] }));
    expect((await live({ moment })).told.asked).toEqual(known({ shapers: [], askers: [] }));
  }
});
