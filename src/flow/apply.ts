import { watchedFiles } from '../core/gate/guard.ts';
import { type Brought, everythingBrought, jobNames, overtaking } from '../core/merged.ts';
import { isFinished } from '../core/rollout.ts';
import type { Policy } from '../model/config.ts';
import type { Merged } from '../model/merged-change.ts';
import type { Target } from '../model/target.ts';

import { type ApplyOrder, type ApplyPorts, type ApplyReport, type Attempt, type Reported, refusal } from './apply-report.ts';
import { gatherOnce } from './merged-facts.ts';
import { byDates } from './policy-standing.ts';
import { policyReports, policyWatch } from './policy-watch.ts';
import { rolloutOf } from './rollout-of.ts';
import { reported, type Taken, takeUpPersons, takeUpRecord } from './take-up.ts';

/**
 * Every unfinished change at HEAD for one workspace, records and people's own alike, newest first: the newest record of a job wins.
 * Level-triggered: a push, a wake-up and the schedule all mean the same, and an attempt that was killed anywhere is taken up by the next.
 */
export async function applyUnfinished(order: ApplyOrder, ports: ApplyPorts): Promise<readonly ApplyReport[]> {
  const policy = await ports.config.config();
  const targets = policy.ok ? policy.value.targets : [];
  const merged = await ports.merged.merged(watchedFiles(targets), policy.commit);
  if (!merged.known) throw new Error(`the default branch cannot be read: ${merged.why}`);
  const overtaken = overtaking();
  const facts = gatherOnce(ports);
  const standing = policyWatch(order, facts, ports);
  const history = byDates(watchedFiles(targets), policy.commit, ports);
  const reports = [...merged.value.lost.map(lostReport), ...(await policyReports(policy.commit, history, order, facts, ports))];
  for (const one of everythingBrought(policy.ok ? policy.value : null, merged.value.changes, merged.value.touched)) {
    const target = targets.find(({ name }) => name === one.target);
    const names = jobNames(target, one.target, one.workspace, 'record' in one.brought ? one.brought.record.job_id : null);
    if ((one.workspace !== null && one.workspace !== order.workspace) || overtaken.includes(one, names)) continue;
    const taken = await takeUp(one, target, policy, merged.value, { ...order, facts, overtaken, standing }, ports);
    if (taken.overtakes) overtaken.add(one, names);
    reports.push(...taken.reports);
  }
  return reports;
}

/** A record that nobody can do anything with is told at every attempt, until a person mends or deletes it. */
function lostReport({ path, why }: Merged['lost'][number]): ApplyReport {
  return refusal({ path, merge: '', record: null }, 'record_lost', path, 'the record as it was merged', why);
}

/** Nothing is left to do but by people: while Git holds what was taken back, every attempt says so, and none applies it again. */
function undoneReport(about: Reported): ApplyReport {
  const left = refusal(
    about,
    'diverged',
    about.path,
    'the rollback proposal merged',
    'it was rolled back and Git still holds it',
  );
  return { ...left, decision: 'rolled-back' };
}

async function takeUp(
  one: Brought,
  target: Target | undefined,
  policy: Policy,
  merged: Merged,
  order: ApplyOrder & Pick<Attempt, 'facts' | 'overtaken' | 'standing'>,
  ports: ApplyPorts,
): Promise<Taken> {
  const about: Reported = 'record' in one.brought ? one.brought : { path: one.target, merge: one.merge, record: null };
  const rollout = await rolloutOf(one, ports);
  if (typeof rollout === 'string') return reported(refusal(about, 'intent_unavailable', 'rollout log', 'the apply App', rollout));
  // What the merge itself put into force was only judged: what older changes have begun there is still finished.
  if (isFinished(rollout) && target?.appliedBy === 'merge' && !('record' in one.brought))
    return { overtakes: false, reports: [] };
  if (isFinished(rollout)) return reported(...(rollout.state === 'rolled-back' ? [undoneReport(about)] : []));
  if (!policy.ok) {
    const fault = policy.faults[0]?.message ?? 'unreadable';
    return reported(refusal(about, 'workspace_forbidden', '.github/sluice.yml', 'readable', fault));
  }
  const attempt = { ...order, config: policy.value, others: merged.changes };
  if ('record' in one.brought) return takeUpRecord(one.brought, rollout, attempt, ports);
  return target ? takeUpPersons(one, rollout, target, attempt, ports) : { overtakes: false, reports: [] };
}
