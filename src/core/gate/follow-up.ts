import type { FollowUp } from '../../model/follow-up.ts';
import type { ChangeFacts, PolicyFacts, TreeEntryChange } from '../../model/gate.ts';
import { isRecordPath } from '../../model/record.ts';
import { ownersOf, parseCodeowners } from '../codeowners.ts';
import { namedForGlass } from './break-glass.ts';
import { silencedIn } from './silenced.ts';
import { commandsIn, everSaid, isByPerson } from './spoken.ts';

/** Most files whose text is read for one decision; a change of more target files than this waits as `facts_unavailable`. */
const MOST_BLOBS = 50;
/** Most unchanged files of bundles; a bundle of more files waits as `facts_unavailable`. */
const MOST_BESIDE = 200;
/** Most people and most teams that are asked about for one decision; a change with more owners waits as `facts_unavailable`. */
const MOST_NAMES = 100;

/**
 * What the first facts raise: the texts of the record and of target files, the people who said `/hold` or `/retry`
 * or whose words somebody else deleted, the teams that own a
 * changed path, who may break the glass where somebody did, and older heads that an approval names. Pure, so that the second read is the same
 * everywhere.
 */
export function followUpOf(change: ChangeFacts): FollowUp {
  const delta = change.delta.known ? change.delta.value : [];
  const targets = targetFiles(change.policies);
  const texts = delta.filter((entry) => isRecordPath(entry.path) || targets.has(entry.path)).slice(0, MOST_BLOBS);
  const owners = change.policies.flatMap((policy) => ownersIn(policy, delta));
  const comments = change.comments.known ? change.comments.value : [];
  const said = commandsIn(comments);
  const speakers = [
    ...said.filter(({ command }) => ['hold', 'retry'].includes(command.name)).map(({ comment }) => comment),
    ...comments.filter((comment) => isByPerson(comment) && everSaid(comment, 'hold') !== false),
    ...silencedIn(change.timeline.known ? change.timeline.value : []),
  ].flatMap(({ author }) => (author ? [author.login] : []));
  const head = change.pull.known ? change.pull.value.headSha : '';
  const named = said.flatMap(({ command }) => (command.name === 'approve' && command.sha ? [command.sha] : []));
  const people = owners.filter((owner) => owner.startsWith('@') && !owner.includes('/')).map((owner) => owner.slice(1));
  const broken = said.some(({ command }) => command.name === 'approve' && command.breakGlass !== null);
  const breakers = broken ? namedForGlass(change.policies).slice(0, MOST_NAMES) : [];
  const teams = owners.filter((owner) => owner.startsWith('@') && owner.includes('/')).map((owner) => owner.slice(1));
  return {
    blobs: texts.map(({ path, oldId, newId }) => ({ path, before: oldId, after: newId })),
    logins: distinct([...distinct(speakers), ...distinct(people).slice(0, MOST_NAMES), ...breakers]),
    teams: distinct(teams).slice(0, MOST_NAMES),
    ancestors: distinct(named.filter((sha) => !head.startsWith(sha))).slice(0, MOST_BLOBS),
    beside: besideOf(change.policies, new Set(delta.map((entry) => entry.path))),
  };
}

/** The rest of each bundle that the change touches; the bundle's folder is where the file lies that names it. */
function besideOf(policies: readonly PolicyFacts[], changed: ReadonlySet<string>): FollowUp['beside'] {
  const targets = policies.flatMap(({ config }) => (config.known ? config.value.targets : []));
  const touched = targets.filter(({ kind, files }) => kind === 'bundle' && files.some((file) => changed.has(file)));
  const files = distinct(touched.flatMap((target) => target.files));
  const folders = files.flatMap((file) => /^(.*\/|)(?:databricks|bundle)\.ya?ml$/.exec(file)?.[1] ?? []);
  return { files: files.filter((file) => !changed.has(file)).slice(0, MOST_BESIDE), folders: distinct(folders) };
}

/** Files that any target names, in any of the policies read. */
export function targetFiles(policies: readonly PolicyFacts[]): ReadonlySet<string> {
  return new Set(
    policies.flatMap((policy) => (policy.config.known ? policy.config.value.targets.flatMap((target) => target.files) : [])),
  );
}

/** Owners of what changes. A record alone acts on a target that is not known before it is read: then those of every target's files. */
function ownersIn(policy: PolicyFacts, delta: readonly TreeEntryChange[]): readonly string[] {
  if (!policy.codeowners.known || !policy.codeowners.value) return [];
  const parsed = parseCodeowners(policy.codeowners.value.text);
  const changed = delta.map((entry) => entry.path).filter((path) => !isRecordPath(path));
  const paths = delta.length > 0 && changed.length === 0 ? [...targetFiles([policy])] : changed;
  return paths.flatMap((path) => ownersOf(parsed, path).owners);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
