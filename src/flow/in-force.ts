import { inForceReasons } from '../core/in-force.ts';
import type { Brought } from '../core/merged.ts';
import { changesOf } from '../core/person-change.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import { type ApplyPorts, type ApplyReport, type Attempt, noteRefusal, refusedFor } from './apply-report.ts';
import { personLog, standsAt, wasApplied } from './person.ts';

/**
 * A person's change of a target that the merge itself applies: nothing is written, and nobody else would ever say that it went around the gate.
 * Null: it was allowed, and is not looked at again, or it is in force no more.
 */
export async function judgeInForce(
  one: Brought,
  rollout: Rollout,
  target: Target,
  attempt: Attempt,
  ports: ApplyPorts,
): Promise<ApplyReport | null> {
  const facts = await attempt.facts(one.merge);
  const own = facts.followUp.blobs.filter((blob) => target.files.includes(blob.path));
  const path = own[0]?.path ?? target.files[0] ?? target.name;
  if (!(await wasApplied(target, facts, own, one.merge, attempt.config, ports.content))) return null;
  const changes = changesOf(target, facts.followUp);
  const tip = facts.change.policies.at(-1)?.commit ?? one.merge;
  if (!(await standsAt(tip, changes.ok ? changes.value : [], own, ports.content))) return null;

  const { acting } = ports;
  const report = refusedFor({ path, merge: one.merge, record: null }, inForceReasons(facts, target, path));
  if (typeof acting === 'string') return report.reasons.length > 0 ? report : null;
  const { pull } = facts.change;
  const opening = {
    pull: pull.known ? pull.value.number : null,
    changes: changes.ok ? changes.value.length : 0,
    run: attempt.run,
  };
  const log = personLog(acting.log, opening);
  const key = { merge: one.merge, target: one.target };
  if (report.reasons.length > 0) return noteRefusal(key, report, rollout, attempt, { ...ports, acting: { ...acting, log } });
  await log.append(key, { what: 'done', at: facts.live.now, run: attempt.run });
  return null;
}
