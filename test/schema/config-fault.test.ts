import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/schema/config.ts';

const GOOD = `mode: execute
identity_labels: [job_id]
targets:
  - name: orders
    match: {job_id: "42"}
    files: [jobs/orders.json]
    kind: job-json
    workspace: prod
    job: {id: 42}
windows:
  open:
    - {days: [mon], from: "09:00", to: "16:00", zone: UTC}
  incident:
    risk: low
freezes:
  - {from: 2026-12-20, to: 2027-01-05, zone: UTC}
limits:
  max_workers: 10
approvals:
  owners: {low: 1}
  require_sha: true
  break_glass: [ann, bob]
verify: {wait: 5m}
`;

function faultsOf(text: string) {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, message, fix }) => [line, message, fix] as const);
}

/** From, to, the line of the one fault, its words, and what to do. */
const ROWS: readonly (readonly [string, string, number, string, string])[] = [
  ['mode: execute', 'mode: everything', 1, 'config.mode is "everything"', 'Use shadow or propose or execute.'],
  ['mode: execute', 'mode: [execute]', 1, 'config.mode is a list', 'Use shadow or propose or execute.'],
  ['mode: execute', 'mode: *all', 1, 'there is no anchor &all above', 'each anchor before its use'],
  ['mode: execute', 'mode: "execute', 1, 'Missing closing "quote', 'Mend the YAML there'],
  ['mode: execute', 'mood: execute', 1, 'unknown key "mood" in config', 'Did you mean mode?'],
  ['[job_id]', 'job_id', 2, 'config.identity_labels is "job_id", not a list', 'Write it as a list: identity_labels: [job_id].'],
  ['[job_id]', '[job-id]', 2, 'config.identity_labels holds "job-id"', 'Use Prometheus label names.'],
  ['name: orders', 'nmae: orders', 4, 'unknown key "nmae" in target', 'Did you mean name?'],
  ['name: orders', 'name: REPLACE-WITH-NAME', 4, 'a value still says REPLACE-WITH-NAME', 'Write your own in its place.'],
  ['{job_id: "42"}', 'job_id', 5, 'target.match is "job_id", not a map', 'Write labels of the alert'],
  ['{job_id: "42"}', '{job_id: [42]}', 5, 'match.job_id is a list, not a text', 'Write one text, or {regex: '],
  ['    match: {job_id: "42"}\n', '', 4, 'target.match is missing', 'Write labels of the alert'],
  [
    '[jobs/orders.json]',
    'jobs/orders.json',
    6,
    'target.files is "jobs/orders.json", not a list',
    'Write it as a list: files: [jobs/orders.json].',
  ],
  ['[jobs/orders.json]', '[]', 6, 'target.files is missing', 'List the files that define it'],
  ['    kind: job-json\n', '', 4, 'target.kind is missing', 'Use job-json or bundle or spark-conf or file.'],
  ['kind: job-json', 'knd: job-json', 7, 'unknown key "knd" in target', 'Did you mean kind?'],
  ['workspace: prod', 'workspace: [prod]', 8, 'target.workspace is a list', 'Use the name in SLUICE_WORKSPACE_<NAME>_HOST'],
  ['    workspace: prod\n', '', 4, 'target.workspace is missing', 'Name the workspace'],
  ['job: {id: 42}', 'job: 42', 9, 'target.job is "42", not a map', 'Write target.job as keys and values: id, name'],
  ['job: {id: 42}', 'job: {}', 9, 'target.job names no job', 'Use exactly one of id, name and bundle.'],
  ['days: [mon]', 'days: [monday]', 12, 'window.days holds "monday"', 'Use mon, tue'],
  ['from: "09:00"', 'from: 9', 12, 'window.from is "9"', 'Use a wall time such as "09:00".'],
  [
    '    - {days: [mon], from: "09:00", to: "16:00", zone: UTC}',
    '    - office hours',
    12,
    'window is "office hours", not a map',
    'Write window as keys and values: name, days',
  ],
  ['    risk: low', '    risk: tiny', 14, 'windows.incident.risk is "tiny"', 'Use low or medium or high.'],
  [
    '  incident:\n    risk: low',
    '  incident: low',
    13,
    'windows.incident is "low", not a map',
    'Write windows.incident as keys and values: risk.',
  ],
  ['to: 2027-01-05, ', '', 16, 'freeze.to is missing', 'Use a date such as 2027-01-05'],
  ['max_workers: 10', 'max_workers: many', 18, 'config.limits.max_workers is "many"', 'Use a whole number from 1 to 100000.'],
  ['{low: 1}', '1', 20, 'config.approvals.owners is "1", not a map', 'low, medium, high'],
  ['require_sha: true', 'require_sha: "yes"', 21, 'config.approvals.require_sha is "yes"', 'Use true or false.'],
  ['[ann, bob]', '[ann]', 22, 'config.approvals.break_glass names one person', 'Name at least two'],
  ['wait: 5m', 'wait: soon', 23, 'config.verify.wait is "soon"', 'Use a duration such as 30m, 24h or 3d.'],
];

describe('a single mistake in .github/sluice.yml is one fault, at its line, with what to do', () => {
  test('and the config that the rows change has none', () => {
    expect(faultsOf(GOOD)).toEqual([]);
  });

  test.each(ROWS)('%j written as %j', (from, to, line, message, fix) => {
    expect(GOOD).toContain(from);

    expect(faultsOf(GOOD.replace(from, to))).toEqual([[line, message, expect.stringContaining(fix)]]);
  });
});
