import { readRef } from '../../../src/twin/github/git/refs.ts';
import type { Act, Queue } from './acts.ts';
import { headOf } from './content.ts';
import { pullOf } from './ledger.ts';
import type { Play } from './scene.ts';
import type { Ask } from './stage.ts';

const BUILD = 'build';
const METHODS = { merge: 'MERGE', squash: 'SQUASH', rebase: 'REBASE', 'by name': 'MERGE' } as const;

/** The rules of main under each of these; omar is an administrator, whom they do not bind. */
export function rulesUnder(queue: Queue) {
  if (queue === 'none') return [];
  const gate = queue === 'by name' ? { context: 'sluice/gate' } : { context: 'sluice/gate', appId: 7 };
  return [{ branch: 'main', mergeQueue: METHODS[queue], requiredChecks: [gate, { context: BUILD }], bypass: ['omar'] }];
}

export async function enqueue(ask: Ask, pull: number): Promise<void> {
  const { body } = await ask('GET', `/pulls/${pull}`);
  const query = `mutation { enqueuePullRequest(input: {pullRequestId: "${body.node_id}"}) { clientMutationId } }`;
  await ask('POST', '/graphql', { query });
}

export async function dequeue(ask: Ask, pull: number): Promise<void> {
  const { body } = await ask('GET', `/pulls/${pull}`);
  const query = `mutation { dequeuePullRequest(input: {id: "${body.node_id}"}) { clientMutationId } }`;
  await ask('POST', '/graphql', { query });
}

/** A workflow's job ends, where the queue made something to build. */
export async function build(play: Play, { of, on, green }: Extract<Act, { do: 'build' }>): Promise<void> {
  const pulls = of === 'every one' ? [...play.ledger.pulls.keys()] : [pullOf(play.ledger, of)];
  for (const pull of pulls) await report(play, BUILD, commitOf(play, pull, on), green);
}

/** A green check of the gate's name on what the queue made of a pull request, as any workflow can write one. */
export async function forge(play: Play, pull: number, on: 'head' | 'group'): Promise<void> {
  await report(play, 'sluice/gate', commitOf(play, pull, on), true);
}

function commitOf({ stage, ledger }: Play, pull: number, on: 'head' | 'group'): string | undefined {
  if (on === 'head') return headOf(stage.git, pull);
  return [...ledger.groups.values()].findLast((one) => one.pull === pull && readRef(stage.git, one.ref) === one.commit)?.commit;
}

async function report({ stage }: Play, name: string, head_sha: string | undefined, green: boolean): Promise<void> {
  if (head_sha === undefined) return;
  const conclusion = green ? 'success' : 'failure';
  await stage.workflow('POST', '/check-runs', { name, head_sha, status: 'completed', conclusion });
}
