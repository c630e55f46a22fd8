import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { retriedBy } from '../../../src/core/gate/retry.ts';
import { recordPath, recordText } from '../../../src/core/record.ts';
import type { GateFacts } from '../../../src/model/gate.ts';
import { known } from '../../../src/model/known.ts';
import type { ChangeRecord } from '../../../src/model/record.ts';
import { approval, deltaOf, facts, JOB_FILE, olga, omar, record, type World, wendy } from '../../support/gate.ts';

const repair = record({ kind: 'action', changes: [], action: { do: 'repair', runId: '7' } });

/** A record that asks for a run and changes no file: the record is the whole change. */
function alone(own: ChangeRecord, world: Partial<World> = {}): GateFacts {
  const path = recordPath(own.incident, own.sequence);
  const text = recordText(own);
  const delta = deltaOf([{ path, before: null, after: text }]);
  const given = facts({ record: own, ...world });
  return {
    ...given,
    change: {
      ...given.change,
      delta: known(delta),
      merge: given.change.merge && known({ parents: given.change.merge.known ? given.change.merge.value.parents : [], delta }),
    },
    followUp: { ...given.followUp, blobs: [{ path, before: known(null), after: known(text) }] },
  };
}

describe('a record that asks for a run', () => {
  test('needs an owner of its target’s files', () => {
    const verdict = decideGate(alone(repair));
    expect(verdict.reasons).toEqual([]);
    expect(verdict.needed).toEqual([{ path: JOB_FILE, owners: ['@olga', '@acme/data'], approvedBy: ['olga'] }]);
    expect(decideGate(alone(repair, { moment: 'apply' })).verdict).toBe('allow');
  });

  test('is not approved by who owns other files only', () => {
    const verdict = decideGate(
      alone(repair, { comments: [approval({ author: wendy })], codeowners: '* @wendy\n/jobs/ @olga\n' }),
    );
    expect(verdict.dropped.map((one) => one.code)).toEqual(['approval_not_owner']);
    expect(verdict.reasons.map((one) => `${one.code} ${one.subject}`)).toEqual([`approval_missing ${JOB_FILE}`]);
  });

  test('of a target whose files nobody owns is refused', () => {
    expect(decideGate(alone(repair, { codeowners: '/other/ @olga\n' })).reasons.map((one) => one.code)).toContain(
      'owners_missing',
    );
  });

  test('is taken up again by an owner of its target’s files, and by nobody else', () => {
    const since = '2026-11-23T03:35:00Z';
    const retry = (author: typeof olga) =>
      alone(repair, {
        moment: 'apply',
        comments: [approval(), approval({ id: 60, author, body: '/retry', createdAt: '2026-11-23T03:36:00Z' })],
      });
    expect(retriedBy(retry(olga), since)).toEqual(olga);
    expect(retriedBy(retry(omar), since)).toEqual(omar);
    expect(retriedBy(retry(wendy), since)).toBeNull();
  });

  test('has the owners of every target asked about, because its target is not known yet', () => {
    const asked = followUpOf(alone(repair, { codeowners: '/jobs/ @olga @acme/data\n/src/ @wendy\n', comments: [] }).change);
    expect([asked.logins, asked.teams]).toEqual([['olga'], ['acme/data']]);
  });

  test('asks about a bounded number of owners, and waits where that is not enough', () => {
    const many = Array.from({ length: 150 }, (_, index) => `@p${String(index).padStart(3, '0')}`);
    const codeowners = `/jobs/ ${many.join(' ')} @olga ${many.map((name) => `@acme/t${name.slice(1)}`).join(' ')}\n`;
    const asked = followUpOf(alone(repair, { codeowners, comments: [] }).change);
    expect([asked.logins.length, asked.teams.length]).toEqual([100, 100]);
    const verdict = decideGate(alone(repair, { codeowners }));
    expect([...new Set(verdict.reasons.map((one) => one.code))]).toEqual(['facts_unavailable']);
    expect(verdict.verdict).toBe('wait');
  });
});

test('a record of a change asks about the owners of what changes, no more', () => {
  const config = facts().change.policies[0]?.config;
  const targets = config?.known ? config.value.targets : [];
  const files = fc.uniqueArray(fc.constantFrom('jobs/a.json', 'jobs/b.json', 'jobs/c.json'), { minLength: 1 });
  fc.assert(
    fc.property(files, (others) => {
      const codeowners = `/jobs/ @wendy\n/${JOB_FILE} @olga\n`;
      const given = facts({
        codeowners,
        comments: [],
        config: { targets: targets.map((one) => ({ ...one, files: [JOB_FILE, ...others] })) },
      });
      expect(followUpOf(given.change).logins).toEqual(['olga']);
    }),
  );
});
