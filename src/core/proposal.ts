import type { Plan } from '../model/plan.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Target } from '../model/target.ts';
import { inverseOf, planDigest, recordPath, recordText } from './record.ts';
import { restartsStream } from './rerun.ts';

export interface ProposalContext {
  readonly incident: number;
  readonly sequence: number;
  readonly target: Target;
  readonly repositoryId: number;
  readonly host: string | null;
  readonly jobId: string | null;
  readonly expiresAt: string;
  /** Numeric id of whoever handed the content in through MCP; null: nobody did. */
  readonly shaper: number | null;
}

/** A proposal as files: what the one commit on its branch writes. */
export interface ProposalFiles {
  readonly branch: string;
  readonly record: ChangeRecord;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

type ActingPlan = Exclude<Plan, { kind: 'advice' }>;

/** The record and the edited files of a plan. Branch and path carry numbers only: nothing from outside can name a branch. */
export function proposalOf(plan: ActingPlan, context: ProposalContext): ProposalFiles {
  const changes = plan.kind === 'change' ? plan.changes : [];
  const bare: Omit<ChangeRecord, 'plan_digest'> = {
    ...identityOf(context),
    ...(context.shaper !== null && { shaped_by: [context.shaper] }),
    kind: plan.kind,
    undoes: null,
    runbook: plan.runbook,
    risk: plan.risk,
    base_settings_digest: plan.kind === 'change' ? plan.baseSettingsDigest : null,
    changes,
    action: plan.kind === 'action' ? plan.action : null,
    inverse: inverseOf(changes),
    baseline: plan.baseline,
    verification: plan.verification,
    rerun: plan.kind === 'change' && plan.rerun ? { how: plan.rerun.how, run_id: plan.rerun.runId } : null,
  };
  const edits = plan.kind === 'change' ? plan.edits.map((edit) => ({ path: edit.file, text: edit.after })) : [];
  return filesOf(bare, edits);
}

/** What applying the rollback of a change runs: a stream that was started with the change, unless that was undone in the job already. */
export function rerunOfRollback(
  { rerun }: Pick<ChangeRecord, 'rerun'>,
  target: Pick<Target, 'rerun'>,
  isUndone: boolean,
): ChangeRecord['rerun'] {
  const restarts = rerun !== null && restartsStream(rerun.how) && target.rerun === 'run-now';
  return restarts && !isUndone ? { how: rerun.how, run_id: null } : null;
}

/** The proposal that takes an applied change back: its inverse in the files, and a record that names what it undoes. */
export function rollbackProposalOf(
  undone: { readonly path: string; readonly record: ChangeRecord },
  edits: readonly { readonly path: string; readonly text: string }[],
  context: Omit<ProposalContext, 'shaper'>,
  rerun: ChangeRecord['rerun'],
  risk: ChangeRecord['risk'],
): ProposalFiles {
  const inverse = inverseOf(undone.record.changes);
  const reasoned = inverse.map((change) => ({
    ...change,
    reason: `takes back ${undone.path}, which did not help`,
    evidence: [],
  }));
  return filesOf(
    {
      ...identityOf(context),
      kind: 'rollback',
      undoes: undone.path,
      runbook: undone.record.runbook,
      risk,
      base_settings_digest: undone.record.base_settings_digest,
      changes: reasoned,
      action: null,
      inverse: inverseOf(reasoned),
      baseline: {},
      verification: null,
      rerun,
    },
    edits,
  );
}

function identityOf({ incident, sequence, target, repositoryId, host, jobId, expiresAt }: Omit<ProposalContext, 'shaper'>) {
  return {
    schema: 1 as const,
    incident,
    sequence,
    target: target.name,
    target_kind: target.kind,
    repository_id: repositoryId,
    workspace: target.workspace,
    host,
    job_id: jobId,
    expires_at: expiresAt,
  };
}

function filesOf(
  bare: Omit<ChangeRecord, 'plan_digest'>,
  edits: readonly { readonly path: string; readonly text: string }[],
): ProposalFiles {
  const record: ChangeRecord = { ...bare, plan_digest: planDigest(bare) };
  const own = { path: recordPath(record.incident, record.sequence), text: recordText(record) };
  return { branch: `sluice/${record.incident}-${record.sequence}`, record, files: [...edits, own] };
}
