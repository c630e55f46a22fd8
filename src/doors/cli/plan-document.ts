import type { Evidence } from '../../model/evidence.ts';
import type { Investigation, Plan } from '../../model/plan.ts';

/** What `investigate --json` prints, and what the MCP tools answer: the investigation with the field names of our documents. */
export function investigationDocument({ diagnosis, blocked, evidence, plan, rejected }: Investigation) {
  return {
    outcome: diagnosis.outcome,
    causes: diagnosis.causes,
    blocked,
    evidence: evidence.map(evidenceDocument),
    plan: plan && planDocument(plan),
    rejected,
  };
}

function evidenceDocument(one: Evidence) {
  const { id, name, source, query, window, unit, value, quality, at, points, note } = one;
  return { id, name, source, query, window, unit, value, quality, at, points, note };
}

/** A plan with snake_case names, as in the change record that it becomes. */
export function planDocument(plan: Plan) {
  const { kind, target, runbook, remedy, title, cause, risk, impact, cost } = plan;
  const common = { kind, target, runbook, remedy, title, cause, risk, impact, cost, also_changes: plan.alsoChanges };
  switch (plan.kind) {
    case 'advice':
      return { ...common, who: plan.who, what: plan.what, evidence: plan.evidence };
    case 'action':
      return { ...common, action: actionDocument(plan.action), verification: plan.verification, baseline: plan.baseline };
    case 'change':
      return {
        ...common,
        changes: plan.changes,
        inverse: plan.inverse,
        edits: plan.edits.map(({ file, diff }) => ({ file, diff })),
        verification: plan.verification,
        baseline: plan.baseline,
        base_settings_digest: plan.baseSettingsDigest,
        rerun: plan.rerun && { how: plan.rerun.how, run_id: plan.rerun.runId },
      };
  }
}

function actionDocument(action: Extract<Plan, { kind: 'action' }>['action']) {
  return action.do === 'run-now' ? action : { do: action.do, run_id: action.runId };
}
