import type { ChangeFacts, GateQuestion, PullFacts } from '../../model/gate.ts';
import { type Known, known, unknown } from '../../model/known.ts';
import type { ProtectionFacts } from '../../model/protection.ts';
import type { GateFactReader } from '../../ports.ts';
import { type Comparison, comparisonOf, pushesTo } from './commits.ts';
import { type Conversation, conversationOf, mayDecide, speakersOf } from './conversation.ts';
import { followUpFacts } from './follow-up.ts';
import { policyAt } from './policy.ts';
import { wholeProtection } from './protection.ts';
import { askedPull } from './pull.ts';
import { type GithubReads, told } from './reads.ts';
import { deltaBetween } from './trees.ts';

/** Algorithm A's facts from GitHub's own answers. Reads only: it is given nothing that could write. */
export function gateFactReader(reads: GithubReads, repository: ChangeFacts['repository']): GateFactReader {
  return {
    change: (question) => changeFacts(reads, repository, question),
    followUp: (change, asked) => followUpFacts(reads, change, asked),
    commanders: (issue) => told(() => speakersOf(reads, issue)),
  };
}

async function changeFacts(
  reads: GithubReads,
  repository: ChangeFacts['repository'],
  question: GateQuestion,
): Promise<ChangeFacts> {
  const asked = await told(() => askedPull(reads, question, repository.defaultBranch));
  if (!asked.known) return nothingKnown(repository, question, asked);
  if (!asked.value) return { ...nothingKnown(repository, question, PUSHED), pushed: true };
  const { tip, pull, first, parents, protection: seen } = asked.value;
  const base = question.moment === 'queue' ? question.parent : (parents?.[0] ?? tip);
  const [policies, compared, conversation, wanted] = await Promise.all([
    Promise.all([...new Set([base, tip])].map((commit) => policyAt(reads, commit))),
    told(() => comparisonOf(reads, base, pull.headSha)),
    told(() => conversationOf(reads, pull.number, first)),
    seen?.known ? told(() => wholeProtection(reads, pull, seen.value)) : seen,
  ]);
  const commits = compared.known ? known(compared.value.commits) : compared;
  const [merge, delta, since, pushes] = await Promise.all([
    question.moment === 'open' ? null : told(() => mergeOf(reads, commitOf(question), parents ?? [])),
    compared.known ? told(() => deltaBetween(reads, compared.value.mergeBase, pull.headSha)) : compared,
    question.moment !== 'open'
      ? null
      : compared.known
        ? told(() => deltaBetween(reads, compared.value.mergeBase, base))
        : compared,
    pushesOf(reads, pull, commits, conversation),
  ]);
  const comments = conversation.known ? known(conversation.value.comments) : conversation;
  const timeline = conversation.known ? known(conversation.value.timeline) : conversation;
  const protection = wanted?.known ? known(withBase(wanted.value, compared, base)) : wanted;
  return {
    repository,
    pull: known(pull),
    pushed: false,
    delta,
    moved: since && inBoth(delta, since),
    merge,
    commits,
    comments,
    timeline,
    pushes,
    protection,
    policies,
  };
}

function inBoth(delta: ChangeFacts['delta'], since: ChangeFacts['delta']): ChangeFacts['moved'] {
  if (!delta.known) return delta;
  if (!since.known) return since;
  const changed = new Set(since.value.map(({ path }) => path));
  return known(delta.value.map(({ path }) => path).filter((path) => changed.has(path)));
}

const PUSHED = { known: false as const, why: 'no pull request was merged as this commit' };

/** Nothing else can be asked without the pull request. */
function nothingKnown(
  repository: ChangeFacts['repository'],
  question: GateQuestion,
  why: { known: false; why: string },
): ChangeFacts {
  const missing = { pull: why, delta: why, commits: why, comments: why, timeline: why, pushes: why };
  const { moment } = question;
  return {
    ...{ repository, ...missing, pushed: false, policies: [] },
    merge: moment === 'open' ? null : why,
    moved: moment === 'open' ? why : null,
    protection: moment === 'apply' ? null : why,
  };
}

/** GitHub's own word for a head that is behind is hidden by anything else that blocks, our own check among it. */
function withBase(wanted: ProtectionFacts, compared: Known<Comparison>, base: string): ProtectionFacts {
  return { ...wanted, behind: wanted.behind || (compared.known && compared.value.mergeBase !== base) };
}

/** Who pushed is asked once somebody has said `/approve`: before that it changes nothing. */
async function pushesOf(
  reads: GithubReads,
  pull: PullFacts,
  commits: ChangeFacts['commits'],
  conversation: Known<Conversation>,
): Promise<ChangeFacts['pushes']> {
  if (!conversation.known || !conversation.value.comments.some(mayDecide)) return unknown('nobody has said /approve yet');
  return commits.known ? told(() => pushesTo(reads, pull.headRef, commits.value)) : commits;
}

/** What was merged, or what the queue would merge. */
function commitOf(question: Exclude<GateQuestion, { moment: 'open' }>): string {
  return question.moment === 'apply' ? question.merge : question.commit;
}

async function mergeOf(reads: GithubReads, merge: string, parents: readonly string[]) {
  return { parents, delta: await deltaBetween(reads, parents[0] ?? '', merge) };
}
