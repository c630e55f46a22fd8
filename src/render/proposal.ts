import type { Change } from '../model/change.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Investigation, Plan } from '../model/plan.ts';
import type { RerunHow } from '../model/record.ts';
import type { Remark } from '../model/thread.ts';
import { PROPOSAL_MARKER } from './command.ts';
import { commandsText, costWords, rerunWords, rollbackRerunWords, undoneWords } from './commands.ts';
import { block, details, inline, page, quantity, table } from './text.ts';

type ActingPlan = Exclude<Plan, { kind: 'advice' }>;

/** The plan on its pull request, as a review of that head: new for each head, never edited, and naming the one SHA it speaks of. */
export function planComment(investigation: Investigation, head: string): string {
  return page(
    `### Plan for \`${head}\``,
    investigationText(investigation),
    `An owner of every changed file approves exactly this content with:\n\n    /approve ${head}`,
  );
}

/** What was found and what is proposed, for the issue and for the pull request alike. */
export function investigationText({ diagnosis, evidence, plan, rejected }: Investigation): string {
  const causes = diagnosis.causes.map(
    (cause) =>
      `- **${cause.outcome}** ${cause.explanation} (${cause.evidence.join(', ')})\n  rule ${inline(cause.rule)}: ${observedText(cause.observed)}`,
  );
  return page(
    `**${diagnosis.outcome}**${diagnosis.runbook ? `, by runbook \`${diagnosis.runbook}\`` : ''}`,
    causes.join('\n'),
    diagnosis.unknown.length > 0 ? `Could not be read: ${diagnosis.unknown.map((name) => inline(name)).join(', ')}.` : null,
    plan ? planText(plan) : 'No change is proposed.',
    rejected.length > 0
      ? details('Considered and not chosen', rejected.map((one) => `- ${inline(one.remedy)}: ${inline(one.why, 400)}`).join('\n'))
      : null,
    details('Evidence', evidenceTable(evidence)),
  );
}

export function planText(plan: Plan): string {
  const cost =
    plan.cost.before === null || plan.cost.after === null
      ? plan.cost.note || 'unknown'
      : `${costWords(plan.cost)} (${plan.cost.evidence.join(', ')})`;
  const common = [
    `Risk: ${plan.risk}. Impact: ${plan.impact}`,
    `Cost: ${cost}`,
    plan.alsoChanges.length > 0 ? `Also changes: ${plan.alsoChanges.map((one) => inline(one, 400)).join('; ')}` : null,
  ];
  switch (plan.kind) {
    case 'advice':
      return page(`#### Advice`, `**${plan.who}**: ${plan.what}`, ...common);
    case 'action':
      return page(`#### ${plan.title}`, ...common, verificationText(plan.verification.checks), commandsText(plan.steps));
    case 'change':
      return page(
        `#### ${inline(plan.title)}`,
        plan.edits.map((edit) => block(edit.diff, 'diff')).join('\n\n'),
        plan.changes
          .map(
            (change) =>
              `- ${inline(change.selector)}: ${inline(change.old ?? 'unset')} → ${inline(change.new ?? 'unset')}. ${change.reason} (${change.evidence.join(', ')})`,
          )
          .join('\n'),
        ...common,
        verificationText(plan.verification.checks),
        rerunWords(plan),
        `If it does not help: ${plan.inverse.map(takenBack).join('; ')}${undoneWords(plan)}.`,
        commandsText(plan.steps),
      );
  }
}

function takenBack({ selector, new: old }: Change): string {
  return old === null ? `${inline(selector)} is taken out again` : `${inline(selector)} is set back to ${inline(old)}`;
}

export function proposalBody(incident: number, plan: ActingPlan): string {
  return page(
    `For the incident #${incident}.`,
    planText(plan),
    'Sluice applies nothing before an owner of every changed file has approved exactly this content.',
    PROPOSAL_MARKER,
  );
}

/** Where the plan of an incident can be approved. */
export function proposedText(pull: number, ownPlan: boolean): string {
  const link = `Proposed in #${pull}: an owner of every changed file approves it there.`;
  return ownPlan
    ? `${link} It was opened by an attempt that was cut short, and the plan that stands there is the one to read.`
    : link;
}

/** Why a pull request of ours is closed before anybody heard of it. */
export function strayText(): string {
  return 'Closed: the attempt that opened this was cut short, and the evidence leads to another content now. The incident has the current proposal.';
}

export function rollbackBody(incident: number, undone: string, rerun: RerunHow | null): string {
  return page(
    `For the incident #${incident}.`,
    `This takes the change recorded in \`${undone}\` back in the files. Where the job has its old settings again already, applying it writes nothing.`,
    rollbackRerunWords(rerun),
    PROPOSAL_MARKER,
  );
}

/** One remark on each changed line, saying why it is changed. */
export function remarksOf(
  plan: ActingPlan,
  files: readonly { readonly path: string; readonly text: string }[],
): readonly Remark[] {
  if (plan.kind !== 'change') return [];
  return plan.edits.flatMap((edit) => {
    const reasons = plan.changes
      .filter((change) => change.file === edit.file)
      .map((change) => `${change.reason} (${change.evidence.join(', ')})`);
    const text = files.find((file) => file.path === edit.file)?.text ?? edit.after;
    return [{ path: edit.file, line: firstChangedLine(edit.before, text), body: reasons.join('\n') }];
  });
}

function firstChangedLine(before: string, after: string): number {
  const [old, next] = [before.split('\n'), after.split('\n')];
  const index = next.findIndex((line, position) => line !== old[position]);
  return index + 1;
}

function verificationText(checks: readonly { readonly name: string; readonly query: string; readonly expect: string }[]): string {
  return `Verified by:\n${checks.map((check) => `- ${inline(check.name)}: ${inline(check.expect)} over ${inline(check.query, 400)}`).join('\n')}`;
}

function observedText(observed: Readonly<Record<string, number | string | boolean | null>>): string {
  return Object.entries(observed)
    .map(([name, value]) => `${name} = ${quantity(value, '')}`)
    .join(', ');
}

function evidenceTable(evidence: readonly Evidence[]): string {
  return table(
    ['id', 'what', 'value', 'quality', 'source', 'window', 'query', 'at'],
    evidence.map((one) => [
      one.id,
      inline(one.name),
      quantity(one.value, one.unit),
      one.quality,
      one.source,
      inline(one.window, 60),
      inline(one.query, 300),
      one.at,
    ]),
  );
}
