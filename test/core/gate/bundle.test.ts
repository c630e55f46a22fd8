import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../../src/core/bundle/bundle.ts';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { recordText } from '../../../src/core/record.ts';
import type { Change } from '../../../src/model/change.ts';
import type { Config } from '../../../src/model/config.ts';
import type { FollowUpFacts, GateFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { IN_JOB, JOB, jobFile, override, ROOT, rootFile, use, WORKERS } from '../../support/bundle.ts';
import { configOf, deltaOf, facts, record } from '../../support/gate.ts';

const [orders] = configOf().targets;
if (!orders) throw new Error('no target');
const target = {
  ...orders,
  files: [JOB, ROOT],
  kind: 'bundle' as const,
  appliedBy: 'pipeline' as const,
  job: { by: 'bundle' as const, resource: 'ledger', bundleTarget: 'prod' },
};
const limits = { ...configOf().limits, maxWorkers: 16, percentPerStep: 100 };
const named = `"${use('n')}"`;
const root = rootFile('{n: {default: 4}}');
const job = jobFile(named);
const DEFAULT = 'variables.n.default';

interface Case {
  /** The bundle before the change. */
  readonly files: readonly BundleFile[];
  readonly change: Partial<Change>;
  /** The edited file's text; by default the first `old` behind the last word of the selector becomes `new`. */
  readonly after?: string;
  readonly config?: Partial<Config>;
  readonly names?: readonly string[];
  readonly beside?: FollowUpFacts['beside'];
}

/** A record that changes one value of a bundle, with the unchanged files as the base has them. */
function world({ files, change, after, config, names, beside }: Case): GateFacts {
  const whole = { file: ROOT, selector: DEFAULT, old: '4', new: '8', reason: 'r', evidence: ['E1'], ...change };
  const edited = files.find((file) => file.path === whole.file) ?? { path: whole.file, text: '' };
  const text = after ?? edited.text.replace(`default: ${whole.old}`, `default: ${whole.new}`);
  const own = record({ target_kind: 'bundle', changes: [whole], risk: 'medium' });
  const path = '.sluice/changes/7-1.json';
  const sides = [
    { path: whole.file, before: edited.text, after: text },
    { path, before: null, after: recordText(own) },
  ];
  const rest = files.filter((file) => file.path !== whole.file);
  return facts({
    record: own,
    config: { targets: [target], limits, ...config },
    change: { delta: known(deltaOf(sides)) },
    followUp: {
      blobs: sides.map((side) => ({ path: side.path, before: known(side.before), after: known(side.after) })),
      beside: beside ?? known({ files: rest, names: names ?? files.map((file) => file.path) }),
    },
  });
}

const reasons = (given: Case) =>
  decideGate(world(given)).reasons.map(({ code, subject, observed }) => `${code} | ${subject} | ${observed}`);

describe('an agent’s change of a bundle', () => {
  test.each<readonly [string, Case]>([
    ['a variable’s default, which only permitted settings use', { files: [root, job], change: {} }],
    [
      'the target’s own value of it',
      {
        files: [rootFile('{n: {default: 1}}', '{variables: {n: {default: 4}}}'), job],
        change: { selector: 'targets.prod.variables.n.default' },
      },
    ],
    [
      'its override',
      {
        files: [rootFile('{}', override('4')), job],
        change: { selector: `targets.prod.${IN_JOB}.${WORKERS}` },
        after: rootFile('{}', override('8')).text,
      },
    ],
    [
      'the base',
      { files: [root, jobFile('4')], change: { file: JOB, selector: `${IN_JOB}.${WORKERS}` }, after: jobFile('8').text },
    ],
    [
      'a variable that another job’s workers are, too',
      {
        files: [
          root,
          jobFile(named, '', `    other:\n      job_clusters: [{job_cluster_key: a, new_cluster: {num_workers: ${named}}}]\n`),
        ],
        change: {},
      },
    ],
  ])('may be of %s', (_, given) => {
    expect(reasons(given)).toEqual([]);
  });

  const RUN_AS = `run_as: {service_principal_name: "\${var.n}"}`;
  test.each<readonly [string, Case, readonly string[]]>([
    [
      'who the job runs as',
      { files: [root, jobFile(named, `      ${RUN_AS}\n`)], change: {} },
      ['key_forbidden | run_as.service_principal_name | is a person’s to change'],
    ],
    [
      'who a whole target runs as',
      { files: [rootFile('{n: {default: 4}}', `{${RUN_AS}}`), job], change: {} },
      [`key_forbidden | ${DEFAULT} | a use at /targets/prod/run_as/service_principal_name of ${ROOT}`],
    ],
    [
      'a library',
      { files: [root, jobFile(named, `      tasks: [{task_key: t, libraries: [{jar: "a-\${var.n}.jar"}]}]\n`)], change: {} },
      [`key_forbidden | ${DEFAULT} | a use at /resources/jobs/ledger/tasks/0/libraries/0/jar of ${JOB}`],
    ],
    [
      'a library in a file that the change leaves alone',
      {
        files: [root, job, { path: 'jobs/bundle/more.yml', text: `resources: {jobs: {x: {libraries: [{jar: "\${var.n}"}]}}}\n` }],
        change: {},
        config: { targets: [{ ...target, files: [JOB, ROOT, 'jobs/bundle/more.yml'] }], limits },
      },
      [`key_forbidden | ${DEFAULT} | a use at /resources/jobs/x/libraries/0/jar of jobs/bundle/more.yml`],
    ],
  ])('is refused for a variable that also says %s', (_, given, wanted) => {
    expect(reasons(given).filter((one) => one.startsWith('key_forbidden'))).toEqual(wanted);
  });

  test.each<readonly [string, Case, string]>([
    [
      'more workers than the limit, over a variable',
      { files: [root, job], change: { new: '17' } },
      `limit_exceeded | ${WORKERS} | 17`,
    ],
    [
      'a step that is too long, over a variable',
      { files: [root, job], change: { new: '9' } },
      `limit_exceeded | ${DEFAULT} | 4 → 9`,
    ],
    [
      'a key that the config does not list',
      { files: [root, job], change: {}, config: { targets: [target], limits: { ...limits, keys: ['x'] } } },
      `key_forbidden | ${WORKERS} | num_workers`,
    ],
    [
      'a file that it does not list',
      { files: [root, job], change: {}, config: { targets: [target], limits: { ...limits, paths: [JOB] } } },
      `path_forbidden | ${ROOT} | ${ROOT}`,
    ],
    [
      'another bundle target’s variable',
      {
        files: [rootFile('{n: {default: 1}}', '{}', '{variables: {n: {default: 4}}}'), job],
        change: { selector: 'targets.dev.variables.n.default' },
      },
      'key_forbidden | targets.dev.variables.n.default | another one, dev',
    ],
    [
      'another bundle target’s override',
      {
        files: [rootFile('{}', '{}', override('4')), jobFile('2')],
        change: { selector: `targets.dev.${IN_JOB}.${WORKERS}` },
        after: rootFile('{}', '{}', override('8')).text,
      },
      `key_forbidden | targets.dev.${IN_JOB}.${WORKERS} | another one, dev`,
    ],
    [
      'an override that is taken out, so that the base counts again',
      {
        files: [rootFile('{}', override('4')), jobFile('400')],
        change: { selector: `targets.prod.${IN_JOB}.${WORKERS}`, new: null },
      },
      `key_forbidden | targets.prod.${IN_JOB}.${WORKERS} | one that is added or taken out`,
    ],
    ...['0x40', '1e2', '+6', '0o7', '6_4', '-6', `"${use('m')}"`].map((next): readonly [string, Case, string] => [
      `workers of ${next}, over a variable`,
      { files: [root, job], change: { new: next } },
      `limit_exceeded | ${WORKERS} | ${next.replaceAll('"', '')}`,
    ]),
    [
      'a word that only some of the settings take, over a variable',
      {
        files: [
          root,
          jobFile(
            named,
            '',
            `    other:\n      job_clusters: [{job_cluster_key: a, new_cluster: {spark_conf: {spark.sql.shuffle.partitions: ${named}}}}]\n`,
          ),
        ],
        change: { new: 'auto' },
      },
      `limit_exceeded | ${DEFAULT} | 4 → auto`,
    ],
    [
      'another job',
      {
        files: [root, jobFile('4', '', '    other: {job_clusters: [{job_cluster_key: a, new_cluster: {num_workers: 4}}]}\n')],
        change: { file: JOB, selector: `resources.jobs.other.job_clusters[job_cluster_key=a].new_cluster.num_workers` },
      },
      'key_forbidden | resources.jobs.other.job_clusters[job_cluster_key=a].new_cluster.num_workers | another job, other',
    ],
    ['a variable that nobody uses', { files: [root, jobFile('4')], change: {} }, `key_forbidden | ${DEFAULT} | none`],
    [
      'a new value of the target that hides the default',
      {
        files: [rootFile('{n: {default: 4}}', '{variables: {m: 1}}'), job],
        change: { selector: 'targets.prod.variables.n', old: null },
      },
      'key_forbidden | targets.prod.variables.n | one that is added or taken out',
    ],
    [
      'a new override that hides the base',
      {
        files: [
          rootFile('{}', '{resources: {jobs: {ledger: {job_clusters: [{job_cluster_key: main, new_cluster: {}}]}}}}'),
          jobFile('4'),
        ],
        change: { selector: `targets.prod.${IN_JOB}.${WORKERS}`, old: null },
      },
      `key_forbidden | targets.prod.${IN_JOB}.${WORKERS} | one that is added or taken out`,
    ],
    [
      'the description of a variable',
      { files: [root, job], change: { selector: 'variables.n.description', old: null } },
      'key_forbidden | variables.n.description | another place',
    ],
    [
      'what the bundle includes from where nobody looked',
      {
        files: [rootFile('{n: {default: 4}}', '{}', '{}', 'include: ["*.yml"]\n'), job],
        change: {},
        names: [JOB, ROOT, 'jobs/bundle/other.yml'],
      },
      `key_forbidden | ${DEFAULT} | ${ROOT} includes jobs/bundle/other.yml: name it in the target’s files, too`,
    ],
    [
      'a bundle whose other files cannot be read',
      { files: [root, job], change: {}, beside: unknown('the wire broke') },
      `facts_unavailable | ${DEFAULT} files | the wire broke`,
    ],
    [
      'a bundle of which a file was not asked for',
      { files: [root, job], change: {}, beside: known({ files: [], names: [] }) },
      `facts_unavailable | ${DEFAULT} files | ${JOB} was not read`,
    ],
  ])('is refused for %s', (_, given, wanted) => {
    expect(reasons(given)).toContain(wanted);
  });

  test('is judged by the files as the change leaves them', () => {
    const after = root.text.replace('default: 4', 'default: 8').replace('targets:', `x: "\${var.n}"\ntargets:`);
    expect(reasons({ files: [root, job], change: {}, after })).toContain(`key_forbidden | ${DEFAULT} | a use at /x of ${ROOT}`);
  });

  test('is as risky as the worst setting that it reaches', () => {
    const typed = jobFile('4').text.replace('m5.2xlarge', named);
    const given = world({ files: [root, { path: JOB, text: typed }], change: {} });
    expect(decideGate(given).required).toBe(2);
    expect(decideGate(world({ files: [root, job], change: {} })).required).toBe(1);
  });

  test('needs every value that a rollback takes back to be of that kind, too, and may go as far as it was', () => {
    const undone = record({
      target_kind: 'bundle',
      changes: [{ file: ROOT, selector: DEFAULT, old: '1', new: '9', reason: '', evidence: [] }],
    });
    const [change] = undone.inverse;
    const own = record({
      kind: 'rollback',
      undoes: '.sluice/changes/7-1.json',
      target_kind: 'bundle',
      risk: 'medium',
      sequence: 2,
      verification: null,
      changes: [{ ...change, file: ROOT, selector: DEFAULT, old: '9', new: '1', reason: '', evidence: [] }],
    });
    const [before, after] = [rootFile('{n: {default: 9}}').text, rootFile('{n: {default: 1}}').text];
    const sides = [
      { path: ROOT, before, after },
      { path: '.sluice/changes/7-2.json', before: null, after: recordText(own) },
    ];
    const given = facts({
      record: own,
      config: { targets: [target], limits },
      change: { delta: known(deltaOf(sides)) },
      followUp: {
        blobs: sides.map((side) => ({ path: side.path, before: known(side.before), after: known(side.after) })),
        beside: known({ files: [job], names: [] }),
        undone: known(undone),
      },
    });
    expect(decideGate(given).reasons).toEqual([]);
  });
});

describe('which files beside the change are read', () => {
  const asked = (changed: readonly string[], targets: Config['targets'] = [target]) => {
    const delta = known(deltaOf(changed.map((path) => ({ path, before: 'a', after: 'b' }))));
    return followUpOf(facts({ config: { targets }, change: { delta } }).change).beside;
  };
  test('a bundle’s other files, and the names in the folder of its root', () => {
    expect(asked([JOB])).toEqual({ files: [ROOT], folders: ['jobs/bundle/'] });
    expect(asked([JOB, ROOT])).toEqual({ files: [], folders: ['jobs/bundle/'] });
    expect(asked([JOB], [{ ...target, files: [JOB, 'databricks.yaml'] }])).toEqual({ files: ['databricks.yaml'], folders: [''] });
  });

  test('none of a bundle that the change does not touch, and none of other kinds', () => {
    expect(asked(['README.md'])).toEqual({ files: [], folders: [] });
    expect(asked([JOB], [{ ...target, kind: 'file' }])).toEqual({ files: [], folders: [] });
  });

  test('at most 200', () => {
    const files = Array.from({ length: 300 }, (_, at) => `jobs/bundle/${at}.yml`);
    expect(asked([JOB], [{ ...target, files: [JOB, ...files] }]).files.length).toBe(200);
  });

  test('a target file that is not there says nothing', () => {
    const beside = known({ files: [job, { path: 'gone.yml', text: null }], names: [] });
    const config = { targets: [{ ...target, files: [JOB, ROOT, 'gone.yml'] }], limits };
    expect(reasons({ files: [root, job], change: {}, beside, config })).toEqual([]);
  });
});
