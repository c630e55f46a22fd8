import type { Act, Order } from './acts.ts';
import { base, merge, open, push, retarget, toMain } from './branches.ts';
import { edit, remove, say } from './comments.ts';
import { commentOf, pullOf } from './ledger.ts';
import { CODEOWNERS_TEXT, configText } from './policies.ts';
import { build, dequeue, enqueue, forge, rulesUnder } from './queue.ts';
import { type Outcome, type Play, sceneOn } from './scene.ts';
import { type Stage, startStage } from './stage.ts';
import { wake, witness } from './witness.ts';

const settle: Act = { do: 'settle' };
const ENDING: readonly Act[] = [settle, { do: 'wake' }, { do: 'pass', minutes: 20 }, { do: 'wake' }];
/** Every build ends well at last. */
const QUEUE_ENDING: readonly Act[] = (['head', 'group'] as const).flatMap((on) => [
  settle,
  { do: 'build', of: 'every one', on, green: true },
]);

/** Plays the acts, one after another, and holds each merge by us and each write against what really happened. */
export async function playOrder({ queue, start, acts }: Order): Promise<Outcome> {
  const stage = await startStage(rulesUnder(queue), start);
  try {
    const play = sceneOn(stage, queue);
    witness(play);
    for (const act of [...acts, ...(queue === 'none' ? [] : QUEUE_ENDING), ...ENDING]) await turn(play, act);
    return play.outcome;
  } finally {
    await stage.close();
  }
}

async function turn(play: Play, act: Act): Promise<void> {
  const { stage, ledger } = play;
  ledger.turn++;
  // Comments and deletions carry whole seconds: two acts never share one.
  stage.plant.clock.advance(2000);
  play.heardAll = stage.told.length === 0 && !play.missed;
  await oneAct(play, act);
}

async function oneAct(play: Play, act: Act): Promise<void> {
  const { stage, ledger } = play;
  switch (act.do) {
    case 'say':
      return say(play, act.words, pullOf(ledger, act.pull), stage.as(act.who), act.who);
    case 'edit':
      return edit(play, commentOf(ledger, act.comment), stage.as(act.who), act.into);
    case 'delete':
      return remove(play, commentOf(ledger, act.comment), stage.as(act.who));
    case 'push':
      return push(play, pullOf(ledger, act.pull), act.what, stage.as(act.who), act.who);
    case 'team':
      return joinOrLeave(stage, act.who);
    case 'codeowners':
      return toMain(play, { '.github/CODEOWNERS': CODEOWNERS_TEXT[act.to] });
    case 'config':
      return toMain(play, { '.github/sluice.yml': configText(act.to) });
    case 'base':
      return base(play, act.what, act.who);
    case 'open':
      return open(play, act.who, act.what);
    case 'merge':
      return merge(play, pullOf(ledger, act.pull), stage.as(act.who), act.how);
    case 'enqueue':
      return enqueue(stage.as(act.who), pullOf(ledger, act.pull));
    case 'dequeue':
      return dequeue(stage.as(act.who), pullOf(ledger, act.pull));
    case 'build':
      return build(play, act);
    case 'retarget':
      return retarget(play, pullOf(ledger, act.pull), act.who);
    case 'workflow':
      return workflow(play, act.what, pullOf(ledger, act.pull));
    case 'pass':
      stage.plant.clock.advance(act.minutes * 60_000);
      return stage.ring();
    case 'deliver':
      return deliver(stage, act.which, act.twice);
    case 'settle':
      while (stage.told.length > 0) await deliver(stage, 0, false);
      return;
    case 'lose':
      play.missed ||= stage.told.splice(act.which % Math.max(1, stage.told.length), 1).length > 0;
      return;
    case 'wake':
      return wake(play);
    case 'crash':
      play.missed ||= act.side === 'app';
      return crash(stage, act);
  }
}

function joinOrLeave({ oncall }: Stage, login: string): void {
  const at = oncall.findIndex((one) => one.login === login);
  if (at < 0) oncall.push({ login });
  else oncall.splice(at, 1);
}

/** What a workflow can do with the token of its job. */
async function workflow(play: Play, what: string, pull: number): Promise<void> {
  const { stage, ledger } = play;
  const ask = stage.workflow;
  const name = 'github-actions[bot]';
  if (what === 'approve') return say(play, 'approve', pull, ask, name);
  if (what === 'edit') return edit(play, commentOf(ledger, ledger.turn), ask, 'approve');
  if (what === 'merge') return merge(play, pull, ask, 'merge');
  if (what === 'push') return push(play, pull, 'value', ask, name);
  return forge(play, pull, what === 'check' ? 'head' : 'group');
}

async function deliver(stage: Stage, which: number, twice: boolean): Promise<void> {
  const [event] = stage.told.splice(which % Math.max(1, stage.told.length), 1);
  if (!event) return;
  await stage.deliver(event);
  if (twice) await stage.deliver(event);
}

/** One call from now on breaks: its answer is lost, or it is not done at all. */
function crash({ github, plant }: Stage, { side, after, took }: Extract<Act, { do: 'crash' }>): void {
  if (side === 'workspace') {
    plant.databricks.faults.clear();
    const fault = took ? ({ kind: 'accepted_then_broken' } as const) : ({ kind: 'numeric_code', status: 500 } as const);
    plant.databricks.faults.add({ fault, times: 1, ...(took ? { path: '/jobs/reset' } : { atCall: after + 1 }) });
    return;
  }
  github.faults.clear();
  const actor = side === 'app' ? 'app:7' : 'app:8';
  github.faults.add({
    match: { actor },
    after,
    times: 1,
    ...(took ? { dropAfterWrite: true } : { respond: { status: 500, body: {} } }),
  });
}
