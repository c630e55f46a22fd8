import { recordText } from '../../../src/core/record.ts';
import { fileAt } from '../../../src/twin/checkout.ts';
import { readRef } from '../../../src/twin/github/git/refs.ts';
import type { Happening } from '../../../src/twin/github/index.ts';
import { record } from '../../support/gate.ts';
import type { Act, Who } from './acts.ts';
import { type Ledger, mainOf, objection, partitionsAt, partitionsIn, type Said, writeObjection } from './ledger.ts';
import { CODEOWNERS_TEXT, CONFIG_TEXT } from './policies.ts';
import { type Ask, JOB_FILE, JOB_TEXT, RECORD_FILE, SELECTOR, type Stage, startStage, withPartitions } from './stage.ts';

/** What an order of acts came to: how often something was merged by us or written, and what should not have been. */
export interface Outcome {
  merged: number;
  written: number;
  readonly wrong: string[];
}

interface Play {
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly outcome: Outcome;
  /** Partitions in force, the present ones last. */
  readonly inForce: string[];
  seen: number;
  value: number;
}

/** Plays the acts, one after another, and holds each merge by us and each write against what really happened. */
export async function playOrder(acts: readonly Act[]): Promise<Outcome> {
  const stage = await startStage();
  try {
    const play = begin(stage);
    for (const act of acts) await oneAct(play, act);
    for (const act of ENDING) await oneAct(play, act);
    return play.outcome;
  } finally {
    await stage.close();
  }
}

const ENDING: readonly Act[] = [{ do: 'settle' }, { do: 'wake' }, { do: 'pass', minutes: 20 }, { do: 'wake' }];

function begin(stage: Stage): Play {
  const head = readRef(stage.git, 'refs/heads/sluice/1-1') ?? '';
  const ledger: Ledger = {
    turn: 0,
    said: [],
    pulls: new Map([[2, { author: 'sluice[bot]', branch: 'sluice/1-1', first: head }]]),
    makers: new Map([[head, 'sluice[bot]']]),
    merges: [],
  };
  const play = { stage, ledger, outcome: { merged: 0, written: 0, wrong: [] }, inForce: ['200'], seen: 0, value: 300 };
  stage.github.onEvent((event) => heard(play, event));
  return play;
}

/** A merge by anybody is noted; one by our App is judged the moment it happens. */
function heard({ stage, ledger, outcome }: Play, { name, payload }: Happening): void {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads GitHub's payloads as they come
  const { action, pull_request: pull } = payload as any;
  if (name !== 'pull_request' || action !== 'closed' || !pull.merged) return;
  const { number, merge_commit_sha: merge, merged_by: by } = pull;
  const head = readRef(stage.git, `refs/pull/${number}/head`) ?? '';
  ledger.merges.push({ pull: number, head, merge });
  if (by?.login !== 'sluice[bot]') return;
  outcome.merged++;
  const parent =
    stage.git
      .read(merge)
      ?.content.toString()
      .match(/^parent (\w+)/m)?.[1] ?? '';
  const moment = { git: stage.git, ledger, now: stage.plant.clock.now(), oncall: namesOf(stage), policies: [parent] };
  const why = objection(moment, number, head);
  if (why) outcome.wrong.push(`merged #${number} although ${why}`);
}

async function oneAct(play: Play, act: Act): Promise<void> {
  const { stage, ledger } = play;
  ledger.turn++;
  // Comments and deletions carry whole seconds: two acts never share one.
  stage.plant.clock.advance(2000);
  switch (act.do) {
    case 'say':
      return say(play, act, pullOf(ledger, act.pull), stage.as(act.who), act.who);
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
      return toMain(play, { '.github/sluice.yml': CONFIG_TEXT[act.to] });
    case 'base':
      return base(play, act.what, act.who);
    case 'open':
      return open(play, act.who, act.what);
    case 'merge':
      return merge(play, pullOf(ledger, act.pull), stage.as(act.who), act.how);
    case 'retarget':
      await stage.as('omar')('POST', '/git/refs', { ref: 'refs/heads/release', sha: mainOf(stage.git) });
      await stage.as(act.who)('PATCH', `/pulls/${pullOf(ledger, act.pull)}`, { base: ledger.turn % 2 ? 'release' : 'main' });
      return;
    case 'workflow':
      return workflow(play, act.what, pullOf(ledger, act.pull));
    case 'pass':
      stage.plant.clock.advance(act.minutes * 60_000);
      return;
    case 'deliver':
      return deliver(play, act.which, act.twice);
    case 'settle':
      while (stage.told.length > 0) await deliver(play, 0, false);
      return;
    case 'lose':
      stage.told.splice(act.which % Math.max(1, stage.told.length), 1);
      return;
    case 'wake':
      return wake(play);
    case 'crash':
      return crash(stage, act);
  }
}

function namesOf({ oncall }: Stage): readonly string[] {
  return oncall.map((one) => one.login);
}

function pullOf({ pulls }: Ledger, index: number): number {
  const numbers = [...pulls.keys()];
  return numbers[index % numbers.length] ?? 2;
}

function commentOf({ said }: Ledger, index: number): Said | undefined {
  return said[index % Math.max(1, said.length)];
}

async function say({ stage, ledger }: Play, act: { readonly words: string }, pull: number, ask: Ask, who: string): Promise<void> {
  const head = readRef(stage.git, `refs/pull/${pull}/head`) ?? '';
  const { first = head } = ledger.pulls.get(pull) ?? {};
  const bodies: Readonly<Record<string, string>> = {
    ...{ approve: `/approve ${head}`, short: `/approve ${head.slice(0, 12)}`, bare: '/approve', older: `/approve ${first}` },
    ...{ unapprove: '/unapprove', hold: '/hold', retry: '/retry', chat: 'looks fine', quoted: `> /approve ${head}` },
  };
  const body = bodies[act.words] ?? act.words;
  const { ok, body: made } = await ask('POST', `/issues/${pull}/comments`, { body });
  if (!ok) return;
  const at = stage.plant.clock.now().getTime();
  ledger.said.push({ id: made.id, pull, who, body, at, turn: ledger.turn, edited: false, deleted: null });
}

async function edit({ stage }: Play, comment: Said | undefined, ask: Ask, into: string): Promise<void> {
  if (!comment || comment.deleted !== null) return;
  const head = readRef(stage.git, `refs/pull/${comment.pull}/head`) ?? '';
  const { ok } = await ask('PATCH', `/issues/comments/${comment.id}`, {
    body: into === 'approve' ? `/approve ${head}` : 'never mind',
  });
  if (ok) comment.edited = true;
}

async function remove({ ledger }: Play, comment: Said | undefined, ask: Ask): Promise<void> {
  if (!comment || comment.deleted !== null) return;
  const { ok } = await ask('DELETE', `/issues/comments/${comment.id}`);
  if (ok) comment.deleted = ledger.turn;
}

type Files = Readonly<Record<string, string | { readonly mode: string; readonly content: string } | null>>;

/** A commit with these files on top of its first parent; null removes one. No branch moves. */
async function commit(
  { ledger }: Play,
  ask: Ask,
  who: string,
  files: Files,
  parents: readonly string[],
  author?: string,
): Promise<string | null> {
  const tree = Object.entries(files).map(([path, file]) => {
    const entry = { path, mode: '100644', type: 'blob' };
    if (file === null) return { ...entry, sha: null };
    return typeof file === 'string' ? { ...entry, content: file } : { ...entry, ...file };
  });
  const made = await ask('POST', '/git/trees', { base_tree: parents[0], tree });
  const by = author && { author: { name: author, email: `${author}@example.test` } };
  const { ok, body } = await ask('POST', '/git/commits', { message: 'a commit', tree: made.body.sha, parents, ...by });
  if (!made.ok || !ok) return null;
  ledger.makers.set(body.sha, who);
  return body.sha;
}

async function push(play: Play, pull: number, what: string, ask: Ask, who: string): Promise<void> {
  const { stage, ledger } = play;
  const { branch = '', first = '' } = ledger.pulls.get(pull) ?? {};
  const head = readRef(stage.git, `refs/heads/${branch}`);
  if (!head) return;
  if (what === 'base') {
    const { ok } = await ask('PUT', `/pulls/${pull}/update-branch`, {});
    const now = readRef(stage.git, `refs/heads/${branch}`);
    if (ok && now) ledger.makers.set(now, who);
    return;
  }
  const sha = what === 'back' ? first : await contentOf(play, what, ask, who, head);
  if (sha) await ask('PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
}

function contentOf(play: Play, what: string, ask: Ask, who: string, head: string): Promise<string | null> {
  const text = withPartitions(fileAt(play.stage.git, head, JOB_FILE) ?? JOB_TEXT, String(++play.value));
  switch (what) {
    case 'value for another':
      return commit(play, ask, who, { [JOB_FILE]: text }, [head], 'wendy');
    case 'beside':
      return commit(play, ask, who, { 'notes.md': `${play.value}\n` }, [head]);
    case 'link':
      return commit(play, ask, who, { [JOB_FILE]: { mode: '120000', content: 'README.md' } }, [head]);
    case 'renamed':
      return commit(play, ask, who, { [JOB_FILE]: null, 'jobs/other.json': text }, [head]);
    case 'base with more':
      return commit(play, ask, who, { [JOB_FILE]: text }, [head, mainOf(play.stage.git)]);
    default:
      return commit(play, ask, who, { [JOB_FILE]: text }, [head]);
  }
}

function joinOrLeave({ oncall }: Stage, login: Who): void {
  const at = oncall.findIndex((one) => one.login === login);
  if (at < 0) oncall.push({ login });
  else oncall.splice(at, 1);
}

async function toMain(play: Play, files: Files, who: Who = 'omar'): Promise<void> {
  const ask = play.stage.as(who);
  const sha = await commit(play, ask, who, files, [mainOf(play.stage.git)]);
  if (sha) await ask('PATCH', '/git/refs/heads/main', { sha });
}

async function base(play: Play, what: string, who: Who): Promise<void> {
  const text = fileAt(play.stage.git, mainOf(play.stage.git), JOB_FILE) ?? JOB_TEXT;
  if (what === 'notes') return toMain(play, { 'README.md': `${play.ledger.turn}\n` }, who);
  if (what === 'job') return toMain(play, { [JOB_FILE]: withPartitions(text, String(++play.value)) }, who);
  // A pull request's commits pushed straight to main: GitHub marks it as merged.
  await play.stage.as(who)('PATCH', '/git/refs/heads/main', { sha: readRef(play.stage.git, 'refs/heads/sluice/1-1') });
}

async function open(play: Play, who: Who, what: string): Promise<void> {
  const { stage, ledger } = play;
  const ask = stage.as(who);
  const main = mainOf(stage.git);
  const [from, to] = [partitionsAt(stage.git, main) ?? '200', String(++play.value)];
  const text = withPartitions(fileAt(stage.git, main, JOB_FILE) ?? JOB_TEXT, to);
  const change = { file: JOB_FILE, selector: SELECTOR, old: `"${from}"`, new: `"${to}"`, reason: 'x', evidence: [] };
  const forged = record({
    incident: 1,
    sequence: play.value,
    target: 'orders-nightly',
    repository_id: stage.github.repositoryId,
    changes: [change],
  });
  const path = RECORD_FILE.replace('1-1', `1-${play.value}`);
  const sha = await commit(play, ask, who, { [JOB_FILE]: text, ...(what === 'value' ? {} : { [path]: recordText(forged) }) }, [
    main,
  ]);
  const branch = `own-${play.value}`;
  await ask('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
  const { ok, body } = await ask('POST', '/pulls', { title: 'mine', head: branch, base: 'main', body: '' });
  if (ok && sha) ledger.pulls.set(body.number, { author: who, branch, first: sha });
}

async function merge({ stage }: Play, pull: number, ask: Ask, how: string): Promise<void> {
  await ask('PUT', `/pulls/${pull}/merge`, { sha: readRef(stage.git, `refs/pull/${pull}/head`), merge_method: how });
}

/** What a workflow can do with the token of its job. */
async function workflow(play: Play, what: string, pull: number): Promise<void> {
  const { stage, ledger } = play;
  const ask = stage.workflow;
  const head = readRef(stage.git, `refs/pull/${pull}/head`) ?? '';
  const name = 'github-actions[bot]';
  if (what === 'approve') return say(play, { words: 'approve' }, pull, ask, name);
  if (what === 'edit') return edit(play, commentOf(ledger, ledger.turn), ask, 'approve');
  if (what === 'merge') return merge(play, pull, ask, 'merge');
  if (what === 'push') return push(play, pull, 'value', ask, name);
  await ask('POST', '/check-runs', { name: 'sluice/gate', head_sha: head, status: 'completed', conclusion: 'success' });
}

async function deliver({ stage }: Play, which: number, twice: boolean): Promise<void> {
  const [event] = stage.told.splice(which % Math.max(1, stage.told.length), 1);
  if (!event) return;
  await stage.deliver(event);
  if (twice) await stage.deliver(event);
}

/** The Action looks at everything; each write of it is judged by what really happened up to now. */
async function wake(play: Play): Promise<void> {
  const { stage, ledger, outcome } = play;
  const { databricks } = stage.plant;
  const moment = { git: stage.git, ledger, now: stage.plant.clock.now(), oncall: namesOf(stage) };
  await stage.wake();
  for (const write of databricks.writes.slice(play.seen)) {
    if (write.token !== 'write' || !write.path.endsWith('/jobs/reset')) continue;
    outcome.written++;
    const now = partitionsIn(write.body) ?? '';
    const isInverse = play.inForce.length > 1 && now === play.inForce.at(-2);
    const why = isInverse ? null : writeObjection(moment, now);
    if (why) outcome.wrong.push(`wrote ${now} although ${why}`);
    play.inForce.push(now);
  }
  play.seen = databricks.writes.length;
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
