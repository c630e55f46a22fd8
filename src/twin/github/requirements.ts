import type { Actor, CheckRun, CommitStatus, Pull } from './nouns.ts';
import type { BranchRules } from './seed.ts';
import type { World } from './world.ts';

export type Requirement = NonNullable<BranchRules['requiredChecks']>[number];

export function rulesFor(world: World, branch: string): BranchRules | null {
  return world.seed.branchRules?.find((rules) => rules.branch === branch) ?? null;
}

export function runsOn(world: World, sha: string): readonly CheckRun[] {
  return [...world.checks.values()].filter((run) => run.sha === sha);
}

/** Whether the rules bind this person at all. */
export function bypasses(rules: BranchRules, { kind, account }: Actor): boolean {
  return kind === 'user' && account !== null && (rules.bypass ?? []).includes(account.login);
}

/** The last run of each App and name. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.app.id} ${run.name}`, run])).values()];
}

/** A status replaces the one before it of the same context, whose capitals do not matter. */
export function statusesOn(world: World, sha: string): readonly CommitStatus[] {
  const found = world.statuses.filter((one) => one.sha === sha);
  return [...new Map(found.map((one) => [one.context.toLowerCase(), one])).values()];
}

/** Whether a report of this name and App is one that the base wants before the pull request is merged. */
export function isRequired(world: World, pull: Pull, name: string, appId: number | null): boolean {
  return (rulesFor(world, pull.baseRef)?.requiredChecks ?? []).some((check) => answers(check, name, appId));
}

/** The required checks that do not stand as they must, in GitHub's words. */
export function unmetChecks(world: World, pull: Pull): readonly string[] {
  const required = rulesFor(world, pull.baseRef)?.requiredChecks ?? [];
  const open = required
    .map((check) => ({ check, standing: standingOf(world, pull.headSha, check) }))
    .filter(({ standing }) => standing !== 'passed');
  const [only] = open;
  if (only === undefined) return [];
  if (open.length === 1) return [`Required status check "${only.check.context}" is ${only.standing}.`];
  const how = open.every(({ standing }) => standing === 'expected') ? 'are expected' : 'have not succeeded';
  return [`${open.length} of ${required.length} required status checks ${how}.`];
}

/** Whether everything that a branch asks for stands on a commit: how the merge queue looks at what it made. */
export function checksOn(world: World, branch: string, sha: string): 'pending' | 'failing' | 'passed' {
  const all = (rulesFor(world, branch)?.requiredChecks ?? []).map((check) => standingOf(world, sha, check));
  if (all.includes('failing')) return 'failing';
  return all.every((one) => one === 'passed') ? 'passed' : 'pending';
}

/** Where a check run and a status bear the name, both must have passed. A run counts by the last of its App. */
function standingOf(world: World, sha: string, check: Requirement): 'expected' | 'pending' | 'failing' | 'passed' {
  const runs = runsOn(world, sha).filter((run) => answers(check, run.name, run.app.id));
  const latest = latestRuns(runs).map(runStanding);
  const statuses = statusesOn(world, sha).filter((one) => answers(check, one.context, one.app?.id ?? null));
  const all = [...latest, ...statuses.map(statusStanding)];
  if (all.length === 0) return 'expected';
  return all.find((one) => one === 'failing') ?? all.find((one) => one === 'pending') ?? 'passed';
}

function runStanding({ status, conclusion }: CheckRun): 'pending' | 'failing' | 'passed' {
  if (status !== 'completed') return 'pending';
  return ['success', 'neutral', 'skipped'].includes(conclusion ?? '') ? 'passed' : 'failing';
}

function statusStanding({ state }: CommitStatus): 'pending' | 'failing' | 'passed' {
  return state === 'success' ? 'passed' : state === 'pending' ? 'pending' : 'failing';
}

function answers(check: Requirement, name: string, appId: number | null): boolean {
  return check.context.toLowerCase() === name.toLowerCase() && (check.appId === undefined || check.appId === appId);
}
