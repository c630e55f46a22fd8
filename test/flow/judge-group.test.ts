import { expect, test } from 'vitest';
import { type GroupPorts, judgeGroup } from '../../src/flow/judge-group.ts';
import type { GateQuestion } from '../../src/model/gate.ts';
import { type Known, known, unknown } from '../../src/model/known.ts';
import type { QueuedPull } from '../../src/model/merge-queue.ts';
import { BASE, facts, HEAD } from '../support/gate.ts';

const GROUP = 'd'.repeat(40);

/** Everything around a group, with pull requests of the numbers below 20 sound and approved, and the others unreadable. */
function portsOf(group: Known<readonly QueuedPull[] | null>) {
  const said: (readonly string[])[] = [];
  const asked: GateQuestion[] = [];
  const sound = facts();
  const ports: GroupPorts = {
    clock: { now: async () => new Date(sound.live.now), sleep: async () => {} },
    queue: { group: async () => group, enter: async () => false, leave: async () => {} },
    reporter: { check: async (head, conclusion, title) => void said.push([head, conclusion, title]) },
    facts: {
      change: async (question) => {
        asked.push(question);
        if (question.moment !== 'queue' || question.pull >= 20) throw new Error('the wire broke');
        const { delta } = sound.change;
        const merge = delta.known ? known({ parents: [question.parent, HEAD], delta: delta.value }) : delta;
        return { ...sound.change, merge };
      },
      followUp: async () => sound.followUp,
      commanders: async () => known([]),
    },
    content: { tip: async () => BASE, read: async () => null, list: async () => [] },
    merged: {
      merged: async () => unknown('not asked'),
      policy: async () => known({ touched: [], unseen: null }),
      at: async () => unknown('not asked'),
    },
    log: null,
    reads: () => ({ metrics: null, workspace: null, stages: null }),
    ours: sound.live.ours,
    appId: sound.live.appId,
  };
  return { ports, said, asked };
}

const entry = (pull: number): QueuedPull => ({ pull, commit: GROUP, parent: BASE });

test('every pull request of the group is asked about as the queue made it', async () => {
  const { ports, said, asked } = portsOf(known([entry(12), { pull: 13, commit: 'e'.repeat(40), parent: GROUP }]));
  await judgeGroup('main', GROUP, ports);
  expect(asked).toEqual([
    { moment: 'queue', pull: 12, commit: GROUP, parent: BASE },
    { moment: 'queue', pull: 13, commit: 'e'.repeat(40), parent: GROUP },
  ]);
  expect(said).toMatchObject([[GROUP, expect.stringMatching(/action_required|failure/), expect.stringContaining('#12 ')]]);
});

test('a group that cannot be read is not green', async () => {
  const { ports, said } = portsOf(unknown('502'));
  await judgeGroup('main', GROUP, ports);
  expect(said).toEqual([[GROUP, 'failure', 'What the merge queue put together here cannot be read']]);
});

test('nothing is said of what is on the branch already', async () => {
  const { ports, said } = portsOf(known(null));
  await judgeGroup('main', GROUP, ports);
  expect(said).toEqual([]);
});

test('a wire that breaks leaves the group without a word, to be looked at again', async () => {
  const { ports, said } = portsOf(known([entry(12), entry(20)]));
  await expect(judgeGroup('main', GROUP, ports)).rejects.toThrow('the wire broke');
  expect(said).toEqual([]);
});
