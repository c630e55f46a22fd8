import { describe, expect, test } from 'vitest';
import { announceGlass } from '../../src/flow/break-glass.ts';
import type { GlassUse } from '../../src/model/break-glass.ts';
import type { Config } from '../../src/model/config.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import { known } from '../../src/model/known.ts';
import type { Thread } from '../../src/model/thread.ts';
import { parseRollout, rolloutText } from '../../src/schema/rollout.ts';
import { applyWorld, touch } from '../support/apply.ts';
import { AFTER, approval, BEFORE, configOf, facts, HEAD, JOB_FILE, MERGE, olga, omar, wendy } from '../support/gate.ts';

const both = ['omar', 'wendy'];
const reasonOf = 'prod is down | ``` <!-- sluice:status -->';
const comments = [omar, wendy].map((author, index) =>
  approval({ id: 50 + index, author, body: `/approve ${HEAD} --break-glass ${reasonOf}` }),
);

function policy(names: readonly string[]): Config {
  return configOf({
    freezes: [{ name: 'november', from: '2026-11-20', to: '2026-11-30', zone: 'UTC' }],
    approvals: { ...configOf().approvals, breakGlass: names },
  });
}

/** A person's merge in a freeze, of a file that nobody owns, with the glass broken by two. */
function merged(now: readonly string[]): GateFacts {
  const given = facts({ record: null, moment: 'apply', comments, codeowners: '/docs/ @olga\n', pull: { author: olga } });
  const policies = given.change.policies.map((one, index) => ({ ...one, config: known(policy(index === 0 ? both : now)) }));
  return { ...given, change: { ...given.change, policies } };
}

const world = (now: readonly string[] = both) =>
  applyWorld({
    merged: { touched: [touch(MERGE, 0)] },
    facts: { [MERGE]: merged(now) },
    files: { [JOB_FILE]: AFTER },
    settings: BEFORE,
    config: policy(now),
  });

describe('a change that two people let pass', () => {
  test('is applied, and what passes is noted before it is done', async () => {
    const { state, attempt } = world();
    const [report] = await attempt();
    expect([report?.decision, state.resets]).toEqual(['verified', 1]);
    expect(state.appends).toEqual([['derived', 'broke-glass'], ['intent'], ['written', 'done']]);
    expect(state.log.get(`${MERGE} orders`)?.[1]).toMatchObject({
      use: { pull: 12, head: HEAD, glass: { people: [{ login: 'omar', reason: reasonOf }, { login: 'wendy' }] } },
    });
  });

  test('is noted once, however often it is tried', async () => {
    const { state, attempt } = world();
    state.environment = known(false);
    await attempt();
    state.environment = known(true);
    state.settings = BEFORE.replace('"200"', '"300"');
    await attempt();
    await attempt();
    expect(state.appends.flat().filter((what) => what === 'broke-glass')).toHaveLength(1);
  });

  test('is not applied where the policy at HEAD no longer names one of them', async () => {
    const { state, attempt } = world(['omar', 'olga']);
    const [report] = await attempt();
    expect(report?.decision).toBe('refused');
    expect(report?.reasons.map((one) => one.code)).toContain('freeze_active');
    expect([state.resets, state.appends.flat().includes('broke-glass')]).toEqual([0, false]);
  });

  test('is read back as it was noted, whatever the reason says', async () => {
    const { state, attempt } = world();
    await attempt();
    const entries = state.log.get(`${MERGE} orders`) ?? [];
    expect(parseRollout(rolloutText(entries))).toEqual(known(entries));
  });
});

describe('the issue that an owner closes', () => {
  const use: GlassUse = {
    pull: 12,
    head: HEAD,
    digest: 'd'.repeat(64),
    glass: {
      people: [
        { login: 'omar', reason: reasonOf },
        { login: 'wendy', reason: 'x' },
      ],
      lifted: [{ code: 'owners_missing', subject: JOB_FILE, expected: 'an owner', observed: 'none' }],
    },
  };
  const at = '2026-11-23T04:00:00.000Z';

  function issues() {
    const opened: Thread[] = [];
    return {
      opened,
      findByMarker: async (marker: string) => opened.filter((one) => one.body.includes(marker)),
      open: async (title: string, body: string, labels: readonly string[]) => {
        const number = 40 + opened.length;
        const thread: Thread = { number, state: 'open', title, body, labels, createdAt: at, closedAt: null, isPull: false };
        opened.push(thread);
        return thread;
      },
    };
  }

  test('names people, reasons, content and what was lifted, and carries nothing from outside in its title', async () => {
    const github = issues();
    await announceGlass(use, [], at, github);
    const [{ title, body, labels } = { title: '', body: '', labels: [] }] = github.opened;
    expect([title, labels]).toEqual(['Break-glass was used: #12', ['sluice']]);
    for (const said of ['@omar', '@wendy', HEAD, use.digest, 'owners_missing', JOB_FILE, 'closes this issue'])
      expect(body).toContain(said);
    expect(body).not.toContain('<!-- sluice:status -->');
  });

  test('is opened once for a content, whichever thread is told', async () => {
    const github = issues();
    const first = await announceGlass(use, [], at, github);
    const elsewhere = await announceGlass(use, [], at, github);
    expect([first?.entry.issue, elsewhere?.entry.issue, github.opened.length]).toEqual([40, 40, 1]);
    await announceGlass({ ...use, head: 'e'.repeat(40) }, [], at, github);
    expect(github.opened).toHaveLength(2);
  });

  test('is announced to a thread once', async () => {
    const github = issues();
    const told = await announceGlass(use, [], at, github);
    expect(told?.text).toContain('Break-glass was used on #12');
    expect(await announceGlass(use, told ? [told.entry] : [], at, github)).toBeNull();
  });
});
