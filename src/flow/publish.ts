import { foldHistory } from '../core/history.ts';
import type { ProposalFiles } from '../core/proposal.ts';
import type { Proposal } from '../model/thread.ts';
import type { ContentReader, HistoryLog, IssueWriter, ProposalWriter } from '../ports.ts';
import { strayText } from '../render/proposal.ts';

export interface PublishPorts {
  readonly content: ContentReader;
  readonly proposals: ProposalWriter;
  readonly history: HistoryLog;
  readonly issues: IssueWriter;
}

export interface Published {
  readonly proposal: Proposal;
  readonly files: ProposalFiles;
  /** True when this attempt opened it; false when an earlier one did. */
  readonly fresh: boolean;
  /** True when an earlier attempt had posted a plan for its head. */
  readonly planned: boolean;
}

interface Words {
  readonly title: string;
  readonly body: string;
  readonly message: string;
  readonly draft: boolean;
}

/** Names that are tried: a branch of ours may be left over from a killed attempt, or squatted on by somebody else. */
const MOST_NAMES = 5;

/**
 * Opens the pull request of a proposal, or finishes the one that an earlier attempt began. Making the branch is the claim; only a name that is
 * taken is looked into. Null when no name is free.
 */
export async function publish(
  filesOf: (sequence: number) => ProposalFiles,
  first: number,
  base: string,
  words: Words,
  ports: PublishPorts,
): Promise<Published | null> {
  for (let sequence = first; sequence < first + MOST_NAMES; sequence++) {
    const files = filesOf(sequence);
    const commit = await ports.proposals.commit(files.branch, base, files.files, words.message);
    const published = commit === null ? await begun(files, base, words, ports) : await open(files, commit, words, ports);
    if (published) return published;
  }
  return null;
}

/** The plan speaks of the commit that is ours, whatever somebody pushed onto the branch in between. */
async function open(files: ProposalFiles, headSha: string, words: Words, ports: PublishPorts): Promise<Published | null> {
  const proposal = await ports.proposals.open(files.branch, words.title, words.body, words.draft);
  return proposal && { proposal: { ...proposal, headSha }, files, fresh: true, planned: false };
}

/**
 * What an earlier attempt left under this name, as far as it is ours: a pull request of our own App whose head we planned, or which holds
 * exactly these files; or a branch that does. A plan is never lent to other content; our own pull request that nobody has heard of and that
 * holds something else is closed, so that one stays open.
 */
async function begun(files: ProposalFiles, base: string, words: Words, ports: PublishPorts): Promise<Published | null> {
  const found = await ports.proposals.find(files.branch);
  if (!found) {
    const head = await ports.content.tip(files.branch);
    return (await holds(head, base, files, ports)) ? open(files, head, words, ports) : null;
  }
  if (found.state !== 'open') return null;
  const { plannedHeads } = foldHistory((await ports.history.readPull(found.number)).entries);
  const planned = plannedHeads.includes(found.headSha);
  if (planned || (await holds(found.headSha, base, files, ports))) return { proposal: found, files, fresh: false, planned };
  await ports.issues.comment(found.number, strayText());
  await ports.issues.update(found.number, { state: 'closed' });
  return null;
}

/** Whether a commit is the base with exactly these files: nothing else differs, not even a mode. */
async function holds(head: string, base: string, { files }: ProposalFiles, { content }: PublishPorts): Promise<boolean> {
  const own = new Map(files.map(({ path, text }) => [path, text]));
  const [before, after] = await Promise.all([content.list('', base), content.list('', head)]);
  const others = (tree: typeof before) => tree.filter(({ path }) => !own.has(path)).map((one) => JSON.stringify(one));
  if (others(before).join('\n') !== others(after).join('\n')) return false;
  if (after.some(({ path, mode }) => own.has(path) && mode !== '100644')) return false;
  const read = await Promise.all(
    [...own].map(async ([path, text]) => timeless((await content.read(path, head))?.text) === timeless(text)),
  );
  return !read.includes(false);
}

/** The same proposal made a minute later expires a minute later. */
function timeless(text: string | undefined): string | undefined {
  return text?.replace(/"expires_at": "[^"]*"/, '"expires_at": ""');
}
