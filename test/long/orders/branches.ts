import { recordText } from '../../../src/core/record.ts';
import { fileAt } from '../../../src/twin/checkout.ts';
import { readRef } from '../../../src/twin/github/git/refs.ts';
import { record } from '../../support/gate.ts';
import type { Who } from './acts.ts';
import { headOf, mainOf, partitionsAt } from './content.ts';
import { JOB_FILE, JOB_TEXT, RECORD_FILE, SELECTOR, withPartitions } from './job.ts';
import { CODEOWNERS_TEXT } from './policies.ts';
import type { Play } from './scene.ts';
import type { Ask } from './stage.ts';

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

export async function push(play: Play, pull: number, what: string, ask: Ask, who: string): Promise<void> {
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
    case 'owners':
      return commit(play, ask, who, { '.github/CODEOWNERS': CODEOWNERS_TEXT.wendy }, [head]);
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

/** Past every rule, where the person may. */
export async function toMain(play: Play, files: Files, who: Who = 'omar'): Promise<void> {
  const ask = play.stage.as(who);
  const sha = await commit(play, ask, who, files, [mainOf(play.stage.git)]);
  if (sha) await ask('PATCH', '/git/refs/heads/main', { sha });
}

export async function base(play: Play, what: string, who: Who): Promise<void> {
  const text = fileAt(play.stage.git, mainOf(play.stage.git), JOB_FILE) ?? JOB_TEXT;
  if (what === 'notes') return toMain(play, { 'README.md': `${play.ledger.turn}\n` }, who);
  if (what === 'job') return toMain(play, { [JOB_FILE]: withPartitions(text, String(++play.value)) }, who);
  // A pull request's commits pushed straight to main: GitHub marks it as merged.
  await play.stage.as(who)('PATCH', '/git/refs/heads/main', { sha: readRef(play.stage.git, 'refs/heads/sluice/1-1') });
}

export async function open(play: Play, who: Who, what: string): Promise<void> {
  const { stage, ledger } = play;
  const ask = stage.as(who);
  const main = mainOf(stage.git);
  play.value++;
  const sha = await commit(play, ask, who, filesOf(play, main, what), [main]);
  const branch = `own-${play.value}`;
  await ask('POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
  const { ok, body } = await ask('POST', '/pulls', { title: 'mine', head: branch, base: 'main', body: '' });
  if (ok && sha) ledger.pulls.set(body.number, { author: who, branch, first: sha });
}

function filesOf({ stage, value }: Play, main: string, what: string): Files {
  const before = fileAt(stage.git, main, JOB_FILE) ?? JOB_TEXT;
  if (what === 'space') return { [JOB_FILE]: `${before}\n` };
  if (what === 'owners') return { '.github/CODEOWNERS': CODEOWNERS_TEXT.wendy };
  const [from, to] = [partitionsAt(stage.git, main) ?? '200', String(value)];
  const text = withPartitions(before, to);
  if (what === 'value') return { [JOB_FILE]: text };
  const change = { file: JOB_FILE, selector: SELECTOR, old: `"${from}"`, new: `"${to}"`, reason: 'x', evidence: [] };
  const place = { incident: 1, sequence: value, target: 'orders-nightly', repository_id: stage.github.repositoryId };
  return { [JOB_FILE]: text, [RECORD_FILE.replace('1-1', `1-${value}`)]: recordText(record({ ...place, changes: [change] })) };
}

export async function merge({ stage }: Play, pull: number, ask: Ask, how: string): Promise<void> {
  await ask('PUT', `/pulls/${pull}/merge`, { sha: headOf(stage.git, pull), merge_method: how });
}

export async function retarget({ stage, ledger }: Play, pull: number, who: Who): Promise<void> {
  await stage.as('omar')('POST', '/git/refs', { ref: 'refs/heads/release', sha: mainOf(stage.git) });
  await stage.as(who)('PATCH', `/pulls/${pull}`, { base: ledger.turn % 2 ? 'release' : 'main' });
}
