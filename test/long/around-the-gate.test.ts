import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recordText } from '../../src/core/record.ts';
import type { SeenPull } from '../../src/doors/demo/people.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { record } from '../support/gate.ts';
import { buildOnce, person, proposed, resets, until, wake } from '../support/story.ts';
import { type Writer, writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const JOB_FILE = 'jobs/orders-nightly.json';
const jobText = readFileSync(JOB_FILE, 'utf8');
const evil = jobText.replace('"num_workers": 4', '"num_workers": 16');
const CHANGE = {
  file: JOB_FILE,
  selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
  old: '4',
  new: '16',
  reason: 'x',
  evidence: [],
};

/** Everything that a workflow can be given; what the repository's rules leave to any branch. */
const ALL = { contents: 'write', issues: 'write', 'pull-requests': 'write', checks: 'write', statuses: 'write' } as const;

interface Attack {
  readonly at: World;
  readonly pull: SeenPull;
  /** Who attacks: with a person's own token, or with that of a job. */
  readonly by: Writer;
  /** An owner approves that head. */
  readonly approve: (pull: number, sha: string) => Promise<void>;
}

interface Case {
  readonly name: string;
  /** Every code that the Action gives in the end, in its order, when a person attacks; none: nothing was merged. */
  readonly codes: readonly string[];
  /** The same when a workflow does, where that makes a difference: whatever it pushes anybody may have written. */
  readonly byWorkflow?: readonly string[];
  /** What people are told, on the pull request, the incident or an issue of its own. */
  readonly told: string;
  readonly attack: (attack: Attack) => Promise<void>;
}

const merge = (by: Writer, pull: number, sha: string, how = 'merge') =>
  by.ask('PUT', `/pulls/${pull}/merge`, { sha, merge_method: how }).catch(() => null);

/** A pull request of these files beside the job file, approved by the owner of the job files alone, then merged by whoever attacks. */
async function beside({ at, by, approve }: Attack, files: Readonly<Record<string, string>>): Promise<void> {
  const sha = await by.commit({ [JOB_FILE]: evil, ...files }, [await by.main()]);
  await by.branch('beside', sha);
  const pull = await by.pull('beside').catch(() => writer(at, 'wendy').pull('beside'));
  await approve(pull, sha);
  await merge(by, pull, sha);
}

/** An approval that does not count is answered before anybody merges. */
const answered = (at: World, pull: number, code: string) =>
  until(`${code} on #${pull}`, async () =>
    (await person(at, 'olga').thread(pull)).some((note) => note.ours && note.body.includes(`changes nothing (\`${code}\``)),
  );

const BESIDE = { codes: ['approval_missing'], byWorkflow: ['commit_unattributable', 'approval_missing'] };
/** The same where what decides who decides is among them: that is refused by itself, too. */
const DECIDING = { codes: ['policy_unapproved', ...BESIDE.codes], byWorkflow: ['policy_unapproved', ...BESIDE.byWorkflow] };

const CASES: readonly Case[] = [
  {
    name: 'a merge that nobody approved',
    codes: ['approval_missing'],
    told: `approval_missing ${JOB_FILE}`,
    attack: async ({ pull, by }) => {
      await merge(by, pull.number, pull.head);
    },
  },
  {
    name: 'a commit pushed straight to the default branch',
    codes: ['merged_around_gate'],
    told: 'merged_around_gate',
    attack: async ({ by }) => {
      await by.ask('PATCH', '/git/refs/heads/main', { sha: await by.commit({ [JOB_FILE]: evil }, [await by.main()]) });
    },
  },
  {
    name: 'a pull request’s own commits pushed straight to the default branch',
    codes: ['approval_missing'],
    told: `approval_missing ${JOB_FILE}`,
    attack: async ({ pull, by }) => {
      await by.ask('PATCH', '/git/refs/heads/main', { sha: pull.head });
    },
  },
  {
    name: 'a record added by hand',
    codes: ['merged_around_gate'],
    told: 'merged_around_gate',
    attack: async ({ by }) => {
      const forged = recordText(
        record({ target: 'orders-nightly', job_id: jobIds.oom, changes: [CHANGE], incident: 1, sequence: 7 }),
      );
      const sha = await by.commit({ [JOB_FILE]: evil, '.sluice/changes/1-7.json': forged }, [await by.main()]);
      await by.ask('PATCH', '/git/refs/heads/main', { sha });
    },
  },
  {
    name: 'a change that makes its own owners',
    ...DECIDING,
    told: 'approval_missing .github/CODEOWNERS',
    attack: (attack) => beside(attack, { '.github/CODEOWNERS': '* @wendy\n/jobs/ @olga\n' }),
  },
  {
    name: 'a change that makes its own policy',
    ...DECIDING,
    told: 'approval_missing .github/sluice.yml',
    attack: (attack) => beside(attack, { '.github/sluice.yml': `${readFileSync('.github/sluice.yml', 'utf8')}# more\n` }),
  },
  {
    name: 'a workflow beside the job',
    ...BESIDE,
    told: 'approval_missing .github/workflows/evil.yml',
    attack: (attack) => beside(attack, { '.github/workflows/evil.yml': 'on: push\njobs: {}\n' }),
  },
  {
    name: 'a runbook beside the job',
    ...BESIDE,
    told: 'approval_missing runbooks/evil.md',
    attack: (attack) => beside(attack, { 'runbooks/evil.md': '---\nid: evil\n---\n' }),
  },
  {
    name: 'an owner’s comment edited into an approval',
    codes: ['approval_missing'],
    told: 'approval_edited',
    attack: async ({ at, pull, by }) => {
      await person(at, 'olga').say(pull.number, 'looking at it');
      const said = (await person(at, 'olga').thread(pull.number)).find((note) => note.body === 'looking at it');
      await by.ask('PATCH', `/issues/comments/${said?.id}`, { body: `/approve ${pull.head}` });
      await answered(at, pull.number, 'approval_edited');
      await merge(by, pull.number, pull.head);
    },
  },
  {
    name: 'an owner’s no deleted',
    codes: ['approval_missing', 'hold'],
    told: 'approval_deleted',
    attack: async ({ at, pull, by, approve }) => {
      await person(at, 'olga').say(pull.number, '/hold');
      at.plant.clock.advance(60_000);
      await approve(pull.number, pull.head);
      at.plant.clock.advance(60_000);
      const said = (await person(at, 'olga').thread(pull.number)).find((note) => note.body === '/hold');
      await by.ask('DELETE', `/issues/comments/${said?.id}`);
      await answered(at, pull.number, 'approval_deleted');
      await merge(by, pull.number, pull.head);
    },
  },
  {
    name: 'a base that was changed and changed back',
    codes: [],
    told: 'approval_deleted',
    attack: async ({ at, pull, by, approve }) => {
      await person(at, 'omar').say(pull.number, '/hold');
      await approve(pull.number, pull.head);
      await by.branch('release', await by.main());
      at.plant.clock.advance(60_000);
      for (const base of ['release', 'main']) await by.ask('PATCH', `/pulls/${pull.number}`, { base });
      await person(at, 'omar').say(pull.number, '/retry');
      await answered(at, pull.number, 'approval_deleted');
    },
  },
  {
    name: 'an edit hidden in the first of several commits that are merged by rebase',
    codes: ['merged_around_gate'],
    told: 'merged_around_gate',
    attack: async ({ at, by, approve }) => {
      const first = await by.commit({ [JOB_FILE]: evil }, [await by.main()]);
      const sha = await by.commit({ 'notes.md': 'hello' }, [first]);
      await by.branch('rebased', sha);
      const pull = await by.pull('rebased').catch(() => writer(at, 'wendy').pull('rebased'));
      await approve(pull, sha);
      await merge(by, pull, sha, 'rebase');
    },
  },
  {
    name: 'new content squashed in after the approval',
    codes: ['record_mismatch', 'approval_missing', 'superseded'],
    byWorkflow: ['record_mismatch', 'commit_unattributable', 'approval_missing', 'superseded'],
    told: 'record_mismatch',
    attack: async ({ at, pull, by, approve }) => {
      await person(at, 'omar').say(pull.number, '/hold');
      await approve(pull.number, pull.head);
      const sha = await by.commit({ [JOB_FILE]: evil }, [pull.head]);
      await by.ask('PATCH', `/git/refs/heads/${pull.branch}`, { sha });
      await person(at, 'omar').say(pull.number, '/retry');
      await merge(by, pull.number, sha, 'squash');
    },
  },
  {
    name: 'an owner’s native review',
    codes: ['approval_missing'],
    told: `approval_missing ${JOB_FILE}`,
    attack: async ({ at, pull, by }) => {
      const olga = writer(at, 'olga');
      await olga.ask('POST', `/pulls/${pull.number}/reviews`, {
        event: 'APPROVE',
        commit_id: pull.head,
        body: `/approve ${pull.head}`,
      });
      await merge(by, pull.number, pull.head);
    },
  },
];

/** Whether our App has said it anywhere. */
async function isTold(at: World, words: string): Promise<boolean> {
  const olga = person(at, 'olga');
  const [issues, pulls] = await Promise.all([olga.issues(), olga.pulls()]);
  const threads = await Promise.all([...issues, ...pulls].map(({ number }) => olga.thread(number)));
  return threads.flat().some((note) => note.ours && note.body.includes(words));
}

describe.each([
  ['a writer’s token', false, (at: World) => writer(at, 'wendy')],
  ['a workflow’s token', true, (at: World) => writer(at, 'wendy', at.github.mintActionsToken({ permissions: ALL, runId: 1 }))],
] as const)('with %s', (_, isWorkflow, of) => {
  test.each(CASES)('$name is not applied, and the reason is told', async ({ codes, byWorkflow, told, attack }) => {
    const at = await startWorld({ workloads: ['oom'] });
    world = at;
    const pull = await proposed(at, 'databricks-oom');
    const approve = async (number: number, sha: string) => {
      at.plant.clock.advance(60_000);
      await person(at, 'olga').say(number, `/approve ${sha}`);
      at.plant.clock.advance(60_000);
    };

    await attack({ at, pull, by: of(at), approve });
    await at.github.deliveries.settled();
    await at.runner.idle();
    await wake(at, 5);
    // What the wake made GitHub tell may have started another run.
    await at.github.deliveries.settled();
    await at.runner.idle();

    expect(resets(at)).toBe(0);
    const given = at.runner.runs.at(-1)?.outputs['reason-codes'];
    expect(given).toBe(((isWorkflow && byWorkflow) || codes).join(','));
    await until(`${told} on some thread`, () => isTold(at, told));
  });
});
