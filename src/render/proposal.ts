import type { Evidence } from '../model/evidence.ts';
import type { Investigation, Plan } from '../model/plan.ts';
import type { RerunHow } from '../model/record.ts';
import type { Remark } from '../model/thread.ts';
import { PROPOSAL_MARKER } from './command.ts';
import { commandsText, rollbackRerunWords } from './commands.ts';
import type { PlanPart } from './plan.ts';
import { blockedPart, consideredPart, planParts, planTitle } from './plan.ts';
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
export function investigationText(investigation: Investigation): string {
  const { diagnosis, evidence, plan, rejected } = investigation;
  const [considered, blocked] = [consideredPart(rejected, inline), blockedPart(investigation, inline)];
  const causes = diagnosis.causes.map(
    (cause) =>
      `- **${cause.outcome}** ${cause.explanation} (${cause.evidence.join(', ')})\n  rule ${inline(cause.rule)}: ${observedText(cause.observed)}`,
  );
  return page(
    `**${diagnosis.outcome}**${diagnosis.runbook ? `, by runbook \`${diagnosis.runbook}\`` : ''}`,
    causes.join('\n'),
    diagnosis.unknown.length > 0 ? `Could not be read: ${diagnosis.unknown.map((name) => inline(name)).join(', ')}.` : null,
    plan ? planText(plan) : 'No change is proposed.',
    blocked.lines.length > 0 ? partText(blocked) : null,
    considered.lines.length > 0 ? details(considered.label, listed(considered.lines)) : null,
    details('Evidence', evidenceTable(evidence)),
  );
}

export function planText(plan: Plan): string {
  return page(
    `#### ${planTitle(plan, inline)}`,
    plan.kind === 'change' ? plan.edits.map((edit) => block(edit.diff, 'diff')).join('\n\n') : null,
    ...planParts(plan, inline).map(partText),
    plan.kind === 'advice' ? null : commandsText(plan.steps),
  );
}

function partText({ label, lines }: PlanPart): string {
  const [only = ''] = lines;
  return lines.length === 1 ? `**${label}**: ${only}` : `**${label}**:\n${listed(lines)}`;
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
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

/** Who handed a change in, where it was not Sluice's own idea; null: nobody did. */
export function shapedText(shaper: { readonly id: number; readonly login: string } | null): string | null {
  if (shaper === null) return null;
  return `The change was handed in through MCP for ${inline(shaper.login)} (user id ${shaper.id}), who therefore cannot approve it.`;
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
