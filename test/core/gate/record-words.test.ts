import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { inverseOf } from '../../../src/core/record.ts';
import type { BlobFact, GateFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { ChangeRecord } from '../../../src/model/record.ts';
import { AFTER, BEFORE, facts, JOB_FILE, record, type World } from '../../support/gate.ts';

const broken = unknown('the wire broke');
const [change] = record().changes;
if (!change) throw new Error('no change');
const { change: whole } = facts();
const delta = whole.delta.known ? whole.delta.value : [];
const [policy] = whole.policies;
const orders = policy?.config.known ? policy.config.value.targets[0]! : null;
const targets = (...files: readonly string[]): Partial<World> => ({ config: { targets: [{ ...orders!, files }] } });
const said = (given: GateFacts) =>
  decideGate(given).reasons.map(({ code, subject, expected, observed }) => `${code} | ${subject} | ${expected} | ${observed}`);

const done = record();
const undo = { kind: 'rollback' as const, undoes: '.sluice/changes/6-1.json' };
const back = (over: Partial<ChangeRecord> = {}) =>
  record({ ...undo, changes: inverseOf(done.changes).map((one) => ({ ...one, reason: 'back', evidence: [] })), ...over });
const rollback = (over: Partial<ChangeRecord> = {}, followUp: Partial<World['followUp']> = {}): Partial<World> => ({
  ...{ record: back(over), before: AFTER, after: BEFORE, followUp: { undone: known(done), ...followUp } },
});
const live = (fact: Partial<GateFacts['live']['targets'][number]>): Partial<World> => ({
  live: { targets: facts().live.targets.map((one) => ({ ...one, ...fact })) },
});

describe('what a reason says about a record', () => {
  const rows: readonly (readonly [string, Partial<World>, readonly string[]])[] = [
    [
      'of an unknown target',
      { record: record({ target: 'else' }) },
      ['target_mismatch | else | a target in the policy | none of that name'],
    ],
    [
      'in another layout',
      { recordText: JSON.stringify(done) },
      ['record_mismatch | .sluice/changes/7-1.json form | canonical text | another layout'],
    ],
    [
      'that was there before',
      {
        change: {
          delta: known(delta.map((one) => (one.path === JOB_FILE ? one : { ...one, oldMode: '100644', oldId: 'd'.repeat(40) }))),
        },
      },
      ['record_mismatch | .sluice/changes/7-1.json history | a new file | a file that was there before'],
    ],
    ['of another repository', { record: record({ repository_id: 1 }) }, ['target_mismatch | orders repository | 4711 | 1']],
    ['of another workspace', { record: record({ workspace: 'dev' }) }, ['target_mismatch | orders workspace | prod | dev']],
    [
      'of another host',
      { record: record({ host: 'https://evil.example.test' }) },
      ['target_mismatch | orders host | https://prod.example.test | https://evil.example.test'],
    ],
    ['of another job', { record: record({ job_id: '43' }) }, ['target_mismatch | orders job | 42 | 43']],
    [
      'of another kind of target',
      { record: record({ target_kind: 'file' }) },
      ['target_mismatch | orders kind | job-json | file'],
    ],
    [
      'of a file that no target has',
      { ...targets(JOB_FILE, 'jobs/b.json'), record: record({ changes: [{ ...change, file: 'jobs/other.json' }] }) },
      [
        'target_mismatch | orders file | jobs/orders-nightly.json, jobs/b.json | jobs/other.json',
        'record_mismatch | jobs/orders-nightly.json edit | the base with the recorded changes | other bytes',
        'record_mismatch | jobs/other.json changes | a changed file | an unchanged one',
      ],
    ],
    [
      'that runs what the target does not permit',
      { record: record({ rerun: { how: 'run-now', run_id: null } }) },
      ['target_mismatch | orders rerun | repair | run-now'],
    ],
    ['whose host could not be read', live({ host: broken }), ['facts_unavailable | workspace host | readable | the wire broke']],
    ['whose job could not be found', live({ jobId: broken }), ['target_mismatch | orders job | one job | the wire broke']],
    [
      'that the policy did not derive',
      { live: { targets: [] } },
      ['facts_unavailable | orders job | readable | not derived by the policy at bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'],
    ],
    [
      'with another inverse',
      { record: record({}, { inverse: [] }) },
      [
        'record_mismatch | record inverse | [["jobs/orders-nightly.json","job_clusters[job_cluster_key=main].new_cluster.spark_conf[\\"spark.sql.shuffle.partitions\\"]","\\"800\\"","\\"200\\""]] | another inverse',
        'record_mismatch | record plan digest | bc55a9b292540a793226666c06243cbeeee62f0547a9d8b893a011d5ce1a8b96 | 05a0ec75016b450cbdf596f7b0e3429863033eece1cb4ddc7ac55daf6c1cec27',
      ],
    ],
    [
      'with another digest',
      { record: record({}, { plan_digest: 'x' }) },
      ['record_mismatch | record plan digest | 05a0ec75016b450cbdf596f7b0e3429863033eece1cb4ddc7ac55daf6c1cec27 | x'],
    ],
    [
      'without a check',
      { record: record({ verification: null }) },
      ['record_mismatch | record verification | at least one check | none'],
    ],
    [
      'that understates its risk',
      {
        record: record({
          changes: [{ ...change, selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers', old: '4', new: '8' }],
        }),
        after: BEFORE.replace('_workers": 4', '_workers": 8'),
      },
      ['record_mismatch | record risk | at least medium | low'],
    ],
    [
      'that undoes something as a change',
      { record: record({ undoes: '.sluice/changes/1-1.json' }) },
      ['record_mismatch | record undoes | null | .sluice/changes/1-1.json'],
    ],
    [
      'that asks for a run as a change',
      { record: record({ action: { do: 'repair', runId: '7' } }) },
      ['record_mismatch | record kind | an action, or changes of files | change'],
    ],
    [
      'that changes files as an action',
      { record: record({ kind: 'action' }) },
      ['record_mismatch | record kind | an action, or changes of files | action'],
    ],
    [
      'that asks for a run and changes files as an action',
      { record: record({ kind: 'action', action: { do: 'repair', runId: '7' } }) },
      ['record_mismatch | record kind | an action, or changes of files | action'],
    ],
    [
      'that does nothing',
      { record: record({ changes: [] }), after: BEFORE },
      ['record_mismatch | record kind | an action, or changes of files | change'],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });
});

describe('what a reason says about a rollback', () => {
  const rows: readonly (readonly [string, Partial<World>, readonly string[]])[] = [
    ['without checks: it goes back to what was', rollback({ verification: null }), []],
    ['of nothing', rollback({ undoes: null }), ['record_mismatch | record undoes | the path of a change record | null']],
    [
      'of a file that is no record',
      rollback({ undoes: 'docs/notes.json' }),
      ['record_mismatch | record undoes | the path of a change record | docs/notes.json'],
    ],
    [
      'of a record that could not be read',
      rollback({}, { undone: broken }),
      ['record_mismatch | record undoes | a record on the base | the wire broke'],
    ],
    [
      'of a record that is not on the base',
      rollback({}, { undone: known(null) }),
      ['record_mismatch | record undoes | a record on the base | none'],
    ],
    [
      'of another job’s record',
      rollback({}, { undone: known(record({ job_id: '43' })) }),
      [
        'record_mismatch | record rollback | ["orders","43",[["jobs/orders-nightly.json","job_clusters[job_cluster_key=main].new_cluster.spark_conf[\\"spark.sql.shuffle.partitions\\"]","\\"800\\"","\\"200\\""]]] | ["orders","42",[["jobs/orders-nightly.json","job_clusters[job_cluster_key=main].new_cluster.spark_conf[\\"spark.sql.shuffle.partitions\\"]","\\"800\\"","\\"200\\""]]]',
      ],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });
});

describe('what a reason says about the files of a record', () => {
  const blobs = (fact: Partial<BlobFact>): GateFacts => {
    const given = facts();
    return {
      ...given,
      followUp: {
        ...given.followUp,
        blobs: given.followUp.blobs.map((one) => (one.path === JOB_FILE ? { ...one, ...fact } : one)),
      },
    };
  };
  const elsewhere = facts({
    ...targets(JOB_FILE, 'jobs/a.txt'),
    record: record({ changes: [change, { ...change, file: 'jobs/a.txt' }] }),
  });
  const text = { path: 'jobs/a.txt', before: known('a'), after: known('b') };
  const rows: readonly (readonly [string, GateFacts, readonly string[]])[] = [
    [
      'whose old text could not be read',
      blobs({ before: broken }),
      ['facts_unavailable | jobs/orders-nightly.json | readable | the wire broke'],
    ],
    [
      'whose new text could not be read',
      blobs({ after: broken }),
      ['facts_unavailable | jobs/orders-nightly.json | readable | the wire broke'],
    ],
    [
      'that was added',
      blobs({ before: known(null) }),
      ['record_mismatch | jobs/orders-nightly.json file | there before and after | added or deleted'],
    ],
    [
      'that was deleted',
      blobs({ after: known(null) }),
      ['record_mismatch | jobs/orders-nightly.json file | there before and after | added or deleted'],
    ],
    [
      'with other bytes',
      facts({ after: AFTER.replace('800', '700') }),
      ['record_mismatch | jobs/orders-nightly.json edit | the base with the recorded changes | other bytes'],
    ],
    [
      'without the value that it replaces',
      facts({ before: BEFORE.replace('"200"', '"300"') }),
      ['record_mismatch | jobs/orders-nightly.json edit | "200" | type_mismatch: "300"'],
    ],
    [
      'of a kind that nobody edits',
      { ...elsewhere, followUp: { ...elsewhere.followUp, blobs: [...elsewhere.followUp.blobs, text] } },
      [
        'record_mismatch | record risk | at least high | low',
        'record_mismatch | jobs/a.txt file | JSON, YAML or .conf | another kind',
        'key_forbidden | job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"] | one value | more than one',
        'approval_missing | high risk | 2 owners | 1',
      ],
    ],
  ];

  test.each(rows)('%s', (_, given, expected) => {
    expect(said(given)).toEqual(expected);
  });
});
