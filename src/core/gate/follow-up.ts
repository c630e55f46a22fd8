import type { ChangeFacts, FollowUp, PolicyFacts, TreeEntryChange } from '../../model/gate.ts';
import { isRecordPath } from '../../model/record.ts';
import { ownersOf, parseCodeowners } from '../codeowners.ts';
import { parseCommand } from '../command.ts';

/** Most files whose text is read for one decision; a change of more target files than this waits as `facts_unavailable`. */
const MOST_BLOBS = 50;

/**
 * What the first facts raise: the texts of the record and of target files, the people who said `/approve`, `/hold` or `/retry`,
 * the teams that own a changed path, and older heads that an approval names. Pure, so that the second read is the same everywhere.
 */
export function followUpOf(change: ChangeFacts): FollowUp {
  const delta = change.delta.known ? change.delta.value : [];
  const targets = targetFiles(change.policies);
  const texts = delta.filter((entry) => isRecordPath(entry.path) || targets.has(entry.path)).slice(0, MOST_BLOBS);
  const owners = change.policies.flatMap((policy) => ownersIn(policy, delta));
  const comments = change.comments.known ? change.comments.value : [];
  const said = comments.flatMap((comment) => {
    const parsed = parseCommand(comment.body);
    return parsed.kind === 'command' && comment.author ? [{ login: comment.author.login, command: parsed.command }] : [];
  });
  const head = change.pull.known ? change.pull.value.headSha : '';
  const named = said.flatMap(({ command }) => (command.name === 'approve' && command.sha ? [command.sha] : []));
  return {
    blobs: texts.map(({ path, oldId, newId }) => ({ path, before: oldId, after: newId })),
    logins: distinct([
      ...said.filter(({ command }) => ['approve', 'unapprove', 'hold', 'retry'].includes(command.name)).map(({ login }) => login),
      ...owners.filter((owner) => owner.startsWith('@') && !owner.includes('/')).map((owner) => owner.slice(1)),
    ]),
    teams: distinct(owners.filter((owner) => owner.startsWith('@') && owner.includes('/')).map((owner) => owner.slice(1))),
    ancestors: distinct(named.filter((sha) => !head.startsWith(sha))).slice(0, MOST_BLOBS),
  };
}

/** Files that any target names, in any of the policies read. */
export function targetFiles(policies: readonly PolicyFacts[]): ReadonlySet<string> {
  return new Set(
    policies.flatMap((policy) => (policy.config.known ? policy.config.value.targets.flatMap((target) => target.files) : [])),
  );
}

function ownersIn(policy: PolicyFacts, delta: readonly TreeEntryChange[]): readonly string[] {
  if (!policy.codeowners.known || !policy.codeowners.value) return [];
  const parsed = parseCodeowners(policy.codeowners.value.text);
  return delta.filter((entry) => !isRecordPath(entry.path)).flatMap((entry) => ownersOf(parsed, entry.path).owners);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
