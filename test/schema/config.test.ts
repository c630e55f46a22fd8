import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/schema/config.ts';

const FULL = `mode: execute
investigate: command
merge: auto
door: app
identity_labels: [job_id]
targets:
  - name: orders-nightly
    match: {job_id: 42, team: {regex: "data-.*"}}
    files: [jobs/orders.json]
    kind: job-json
    applied_by: sluice
    workspace: prod
    job: {id: 9007199254740993}
    task: load
    cluster: main
    rerun: repair
  - name: orders-bundle
    match:
      consumergroup: orders
    files: [databricks.yml, resources/orders.job.yml]
    kind: bundle
    job: {bundle: orders, target: prod}
    streaming: true
  - name: defaults
    match: {job: spark}
    files: [conf/spark-defaults.conf]
    kind: spark-conf
windows:
  open:
    - {name: office, days: mon-thu, from: "09:00", to: "16:00", zone: Europe/Berlin}
    - {days: [sat], from: "22:00", to: "06:00", zone: UTC}
  incident: {risk: low}
freezes:
  - {name: xmas, from: 2026-12-20, to: 2027-01-05, zone: Europe/Berlin}
limits: {incidents_per_hour: 5, max_workers: 10, percent_per_step: 50, paths: [jobs/orders.json], keys: [num_workers]}
approvals:
  owners: {low: 1, medium: 2, high: 3}
  require_sha: true
  expire_after: 2d
  break_glass: [ann, "@bob"]
protection: required
rollback: propose
verify: {wait: 5m}
reopen_within: 12h
proposal_ttl: 90m
deploy_within: 2h
`;

function faultsOf(text: string): readonly (readonly [number | null, string])[] {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, message }) => [line, message]);
}

describe('the config', () => {
  test('has the documented defaults', () => {
    expect(parseConfig('targets: []\n')).toEqual({
      ok: true,
      value: {
        mode: 'shadow',
        investigate: 'auto',
        merge: 'manual',
        door: 'app',
        targets: [],
        identityLabels: ['job_id', 'job_name', 'consumergroup', 'topic', 'stream_name'],
        windows: [],
        incidentRisk: null,
        freezes: [],
        limits: { incidentsPerHour: 20, maxWorkers: 64, percentPerStep: 100, paths: [], keys: [] },
        approvals: { owners: { low: 1, medium: 1, high: 2 }, requireSha: false, expireAfterHours: 72, breakGlass: [] },
        protection: 'advisory',
        rollback: 'auto',
        reopenWithinHours: 24,
        proposalTtlHours: 24,
        deployWithinMinutes: 60,
        verifyWaitMinutes: 10,
      },
    });
  });

  test('is read whole', () => {
    expect(parseConfig(FULL)).toMatchObject({
      ok: true,
      value: {
        mode: 'execute',
        identityLabels: ['job_id'],
        incidentRisk: 'low',
        windows: [
          { name: 'office', days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '16:00', zone: 'Europe/Berlin' },
          { name: 'sat 22:00-06:00', days: ['sat'] },
        ],
        freezes: [{ name: 'xmas', from: '2026-12-20', to: '2027-01-05', zone: 'Europe/Berlin' }],
        limits: { incidentsPerHour: 5, maxWorkers: 10, percentPerStep: 50, paths: ['jobs/orders.json'], keys: ['num_workers'] },
        approvals: { owners: { low: 1, medium: 2, high: 3 }, requireSha: true, expireAfterHours: 48, breakGlass: ['ann', 'bob'] },
        protection: 'required',
        rollback: 'propose',
        reopenWithinHours: 12,
        proposalTtlHours: 1.5,
        deployWithinMinutes: 120,
        verifyWaitMinutes: 5,
      },
    });
  });

  test('gives each target its line, exact ids and the applier of its kind', () => {
    const parsed = parseConfig(FULL);

    expect(parsed.ok && parsed.value.targets).toEqual([
      {
        name: 'orders-nightly',
        line: 7,
        match: [
          { label: 'job_id', op: '=', value: '42' },
          { label: 'team', op: '=~', value: 'data-.*' },
        ],
        files: ['jobs/orders.json'],
        kind: 'job-json',
        appliedBy: 'sluice',
        workspace: 'prod',
        job: { by: 'id', id: '9007199254740993' },
        taskKey: 'load',
        clusterKey: 'main',
        rerun: 'repair',
        streaming: false,
      },
      expect.objectContaining({
        line: 17,
        appliedBy: 'pipeline',
        streaming: true,
        job: { by: 'bundle', resource: 'orders', bundleTarget: 'prod' },
      }),
      expect.objectContaining({ line: 24, appliedBy: 'merge', job: null, workspace: null, rerun: 'never' }),
    ]);
  });

  test('windows may be a plain list', () => {
    expect(parseConfig('windows:\n- {days: [fri-mon], from: "00:00", to: "24:00", zone: UTC}\n')).toMatchObject({
      ok: true,
      value: { windows: [{ days: ['mon', 'fri', 'sat', 'sun'] }], incidentRisk: null },
    });
  });

  test('without the App an approval always names the SHA', () => {
    expect(parseConfig('door: action\n')).toMatchObject({ ok: true, value: { approvals: { requireSha: true } } });
    expect(faultsOf('door: action\napprovals: {require_sha: false}\n')).toEqual([[2, expect.stringContaining('require_sha')]]);
  });
});

const target = (more: string) =>
  `targets:\n- name: a\n  match: {job_id: "1"}\n  files: [jobs/a.json]\n  kind: job-json\n  workspace: w\n  job: {id: 1}\n${more}`;

const FAULTS: readonly (readonly [string, string, number, RegExp])[] = [
  ['an empty file', '', 1, /empty/],
  ['comments only', '# c\n', 1, /empty/],
  ['a list at the top', '- a\n', 1, /not a map/],
  ['broken YAML', 'mode: [\n', 2, /./],
  ['a repeated key', 'mode: shadow\nmode: execute\n', 2, /unique/],
  ['two documents', 'mode: shadow\n---\nmode: execute\n', 2, /multiple|documents/i],
  ['an unknown key', 'mode: shadow\nmodes: x\n', 2, /unknown key "modes"/],
  ['an unknown mode', 'mode: apply\n', 1, /config.mode is "apply"/],
  ['a number as mode', 'mode: 5\n', 1, /config.mode/],
  ['targets that are no list', 'targets: {a: 1}\n', 1, /not a list/],
  ['a target without a name', 'targets:\n- match: {a: b}\n  files: [x]\n  kind: file\n', 2, /target.name is missing/],
  [
    'two targets of one name',
    'targets:\n- &t {name: a, match: {a: b}, files: [x], kind: file}\n- {name: a, match: {a: c}, files: [x], kind: file}\n',
    3,
    /two targets/,
  ],
  ['a target without labels', 'targets:\n- name: a\n  match: {}\n  files: [x]\n  kind: file\n', 3, /no labels/],
  ['a kind that is not there', 'targets:\n- name: a\n  match: {a: b}\n  files: [x]\n', 2, /target.kind is missing/],
  ['a file above the repository', target('').replace('jobs/a.json', '../x'), 4, /files holds/],
  ['a rooted file', target('').replace('jobs/a.json', '/x'), 4, /files holds/],
  ['a glob as file', target('').replace('jobs/a.json', 'jobs/*.json'), 4, /files holds/],
  ['a workflow as file', target('').replace('jobs/a.json', '.github/workflows/a.yml'), 4, /files holds/],
  ['a runbook as file', target('').replace('jobs/a.json', 'runbooks/a.md'), 4, /files holds/],
  [
    'a bundle applied by Sluice',
    target('  applied_by: sluice\n').replace('job-json', 'bundle').replace('id: 1', 'bundle: a, target: prod'),
    8,
    /applied_by/,
  ],
  ['a job file that a merge applies', target('  applied_by: merge\n'), 8, /applied_by/],
  ['a bundle job by id', target('').replace('job-json', 'bundle'), 7, /given by id/],
  [
    'a bundle job without its target',
    target('').replace('job-json', 'bundle').replace('id: 1', 'bundle: a'),
    7,
    /job.target is missing/,
  ],
  ['a job by two names', target('').replace('id: 1', 'id: 1, name: x'), 7, /id and name/],
  ['a job id that is no number', target('').replace('id: 1', 'id: abc'), 7, /job.id/],
  ['a missing workspace', target('').replace('  workspace: w\n', ''), 2, /workspace is missing/],
  ['a regular expression that can hang', target('').replace('{job_id: "1"}', '{job_id: {regex: "(a+)+"}}'), 3, /regex/],
  ['a regular expression with lookaround', target('').replace('{job_id: "1"}', '{job_id: {regex: "(?=a)"}}'), 3, /regex/],
  ['a broken regular expression', target('').replace('{job_id: "1"}', '{job_id: {regex: "("}}'), 3, /regex/],
  ['a label that is none', target('').replace('job_id: "1"', '"a-b": "1"'), 3, /label/],
  ['a streaming that is no flag', target('  streaming: sometimes\n'), 8, /streaming/],
  ['an unknown zone', 'windows:\n- {days: [mon], from: "09:00", to: "10:00", zone: Europe/Berlim}\n', 2, /zone/],
  ['an offset as zone', 'windows:\n- {days: [mon], from: "09:00", to: "10:00", zone: "+01:00"}\n', 2, /zone/],
  ['a wall time that is none', 'windows:\n- {days: [mon], from: "9:00", to: "10:00", zone: UTC}\n', 2, /window.from/],
  ['a window of no time', 'windows:\n- {days: [mon], from: "09:00", to: "09:00", zone: UTC}\n', 2, /equals from/],
  ['an unknown day', 'windows:\n- {days: [monday], from: "09:00", to: "10:00", zone: UTC}\n', 2, /days/],
  ['a freeze that ends before it starts', 'freezes:\n- {from: 2026-12-20, to: 2026-12-19, zone: UTC}\n', 2, /is before/],
  ['a freeze on a day that is none', 'freezes:\n- {from: 2026-02-30, to: 2026-03-01, zone: UTC}\n', 2, /freeze.from/],
  ['an incident risk that is none', 'windows:\n  incident: {risk: none}\n', 2, /risk/],
  ['no owners at all', 'approvals:\n  owners: {high: 0}\n', 2, /owners.high/],
  ['break-glass by one person in two spellings', 'approvals:\n  break_glass: [ann, ANN]\n', 2, /one person/],
  ['break-glass by one person', 'approvals:\n  break_glass: [ann, "@ann"]\n', 2, /one person/],
  ['a duration without a unit', 'proposal_ttl: 24\n', 1, /proposal_ttl/],
  ['a limit below one', 'limits: {max_workers: 0}\n', 1, /max_workers/],
  ['an address', 'targets:\n- name: a\n  match: {a: "https://x.example"}\n  files: [x]\n  kind: file\n', 3, /address/],
  ['a workspace host', target('').replace('workspace: w', 'workspace: dbc-1.cloud.databricks.com'), 6, /address/],
];

describe('a fault in the config', () => {
  test.each(FAULTS)('%s is reported with its line', (_, text, line, message) => {
    expect(faultsOf(text)).toContainEqual([line, expect.stringMatching(message)]);
  });

  test('all faults are reported at once, in the order of the file', () => {
    const faults = faultsOf(
      'mode: x\ntargets:\n- name: "?"\n  match: {}\n  kind: file\nlimits:\n  max_workers: -1\nprotection: no\n',
    );

    expect(faults.map(([line]) => line)).toEqual([1, 3, 3, 4, 7, 8]);
  });

  test('a misspelled key comes with the key that was meant', () => {
    expect(parseConfig('investigat: auto\n')).toEqual({
      ok: false,
      faults: [
        {
          code: 'config_invalid',
          file: '.github/sluice.yml',
          line: 1,
          message: 'unknown key "investigat" in config',
          fix: 'Did you mean investigate?',
        },
      ],
    });
  });

  test('a secret is reported and never repeated', () => {
    const secret = `dapi${'0a'.repeat(16)}`;
    const parsed = parseConfig(`targets:\n- {name: a, match: {a: ${secret}}, files: [x], kind: file}\n`);

    expect(parsed).toMatchObject({ ok: false, faults: [{ line: 2, message: 'a value looks like a secret' }] });
    expect(JSON.stringify(parsed)).not.toContain(secret);
  });

  test('aliases cannot make a small file large', () => {
    const lines = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`),
    ];

    expect(faultsOf(lines.join('\n'))).toEqual([[1, 'too many values']]);
  });

  test('any text gives a config or faults with lines inside the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom(...FULL.split('\n'), '- x', '  a: 1', '{')).map((lines) => lines.join('\n')),
        ),
        (text) => {
          const parsed = parseConfig(text);
          for (const fault of parsed.ok ? [] : parsed.faults) {
            expect(fault.line).toBeGreaterThan(0);
            expect(fault.line).toBeLessThanOrEqual(text.split('\n').length + 1);
            expect(fault.fix).not.toBe('');
          }
        },
      ),
    );
  });
});
