import type { Brought } from '../core/merged.ts';
import { isUndoing, owesRestart } from '../core/rollout.ts';
import type { GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import type { RolloutLog } from '../ports.ts';
import { advance } from './advance.ts';
import {
  type ActingPorts,
  type ApplyPorts,
  type ApplyReport,
  type Attempt,
  noteRefusal,
  refold,
  refusal,
  refusedFor,
} from './apply-report.ts';
import { judgeInForce } from './in-force.ts';
import { type PersonMerge, personLog, personMerge } from './person.ts';
import { rehearse } from './rehearse.ts';

/** What came of one thing that was merged: whether it overtakes older changes of its job, and what to report. */
export interface Taken {
  readonly overtakes: boolean;
  readonly reports: readonly ApplyReport[];
}

export function reported(...reports: readonly ApplyReport[]): Taken {
  return { overtakes: true, reports };
}

export async function takeUpRecord(change: MergedChange, rollout: Rollout, attempt: Attempt, ports: ApplyPorts): Promise<Taken> {
  const { acting } = ports;
  const target = attempt.config.targets.find(({ name }) => name === change.record.target);
  if (typeof acting === 'string') return reported(await rehearse(change, rollout, attempt, acting));
  if (!target) return reported(refusal(change, 'job_missing', change.record.target, 'a target in .github/sluice.yml', 'none'));
  return goOn(change, rollout, target, attempt, { ...ports, acting });
}

/** A person's change has no record: what it means is derived from the very facts that the gate judges. */
export async function takeUpPersons(
  one: Brought,
  rollout: Rollout,
  target: Target,
  attempt: Attempt,
  ports: ApplyPorts,
): Promise<Taken> {
  if (target.appliedBy === 'merge') {
    const told = await judgeInForce(one, rollout, target, attempt, ports);
    return { overtakes: false, reports: told ? [told] : [] };
  }
  const facts = await attempt.facts(one.merge);
  const found = await personMerge(one, target, facts, attempt.config, ports);
  if (found.is === 'nothing') return { overtakes: found.overtakes, reports: [] };
  const { acting } = ports;
  if (typeof acting === 'string')
    return reported(
      found.is === 'refused'
        ? refusedFor({ path: found.path, merge: one.merge, record: null }, [found.reason])
        : await rehearse(found.change, rollout, attempt, acting),
    );
  const own = { ...ports, acting: { ...acting, log: personLog(acting.log, openingOf(found, facts, attempt)) } };
  if (found.is === 'change') {
    // Only now is the live job known: another target may lead to it by another name.
    const job = [`job ${one.workspace} ${found.change.record.job_id}`];
    if (attempt.overtaken.includes(one, job)) return { overtakes: true, reports: [] };
    attempt.overtaken.add(one, job);
    return goOn(found.change, rollout, target, attempt, own);
  }
  const report = refusedFor({ path: found.path, merge: one.merge, record: null }, [found.reason]);
  const noted = await noteRefusal({ merge: one.merge, target: one.target }, report, rollout, attempt, own);
  // It changes nothing of the job, so what older changes have begun there is still finished.
  return { overtakes: false, reports: [noted] };
}

function openingOf(found: PersonMerge, { change: { pull } }: GateFacts, { run }: Attempt) {
  return {
    pull: pull.known ? pull.value.number : null,
    changes: found.is === 'change' ? found.change.record.changes.length : 0,
    run,
  };
}

async function goOn(
  change: MergedChange,
  rollout: Rollout,
  target: Target,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<Taken> {
  const before = await behindRollback(change, rollout, attempt, ports);
  return reported(...before.reports, ...(before.barred ? [] : [await advance(change, rollout, target, attempt, ports)]));
}

/** The newest of these that ever reached the job; one that was refused says nothing about it. */
async function newestInForce(
  older: readonly MergedChange[],
  log: Pick<RolloutLog, 'read'>,
): Promise<{ readonly last: MergedChange; readonly before: Rollout } | null> {
  for (const last of older) {
    const before = await refold(last, log);
    if (before.appliedAt !== null || isUndoing(before) || before.openIntent) return { last, before };
  }
  return null;
}

/**
 * A job that was rolled back differs from Git until that is mended: only the rollback of that very change may pass. One that was left
 * half-way is finished first.
 */
async function behindRollback(
  change: MergedChange,
  rollout: Rollout,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<{ readonly barred: boolean; readonly reports: readonly ApplyReport[] }> {
  const { log } = ports.acting;
  const { job_id: job } = change.record;
  const older = attempt.others
    .filter((one) => one.order > change.order && one.record.job_id !== null && one.record.job_id === job)
    .sort((a, b) => a.order - b.order);
  const found = await newestInForce(older, log);
  if (!found) return { barred: false, reports: [] };
  const { last, before } = found;
  const isItsRollback = change.record.undoes === last.path;
  const isHalfWay = owesRestart(before) || (isUndoing(before) && !isItsRollback);
  const target = attempt.config.targets.find(({ name }) => name === last.record.target);
  const finished = isHalfWay && target ? [await advance(last, before, target, attempt, ports)] : [];
  if (isItsRollback || !(isUndoing(before) || before.state === 'rolled-back')) return { barred: false, reports: finished };
  const report = refusal(
    change,
    'diverged',
    change.record.target,
    `the rollback of ${last.path} merged first`,
    `${last.path} was rolled back and Git still holds it`,
  );
  const told = await noteRefusal({ merge: change.merge, target: change.record.target }, report, rollout, attempt, ports);
  return { barred: true, reports: [...finished, told] };
}
