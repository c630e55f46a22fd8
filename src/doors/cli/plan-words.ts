import type { Cause, DiagnosisOutcome } from '../../model/diagnosis.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Investigation, Plan } from '../../model/plan.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import { commandLines } from '../../render/commands.ts';
import type { PlanPart } from '../../render/plan.ts';
import { blockedPart, consideredPart, planParts, planTitle } from '../../render/plan.ts';
import { quantity } from '../../render/text.ts';
import { plainText } from '../../schema/outside-text.ts';
import { colours } from '../colours.ts';
import { chart, columns } from './columns.ts';

const COLOUR: Readonly<Record<DiagnosisOutcome, (text: string) => string>> = {
  healthy: colours.green,
  inconclusive: colours.yellow,
  likely: colours.yellow,
  confirmed: colours.red,
};

/** An investigation for a person at a terminal, to be read in a minute. All text from outside is made plain first. */
export function investigationWords(found: Investigation, signal: Signal, target: Target | null): string {
  const { diagnosis, evidence, plan, rejected } = found;
  const about = `${plain(signal.alertname)}${target ? ` on ${target.name}` : ''}${diagnosis.runbook ? `, by runbook ${diagnosis.runbook}` : ''}`;
  const sections = [
    `${COLOUR[diagnosis.outcome](colours.bold(diagnosis.outcome))}  ${about}`,
    diagnosis.causes.map(causeWords).join('\n'),
    evidence.length > 0 ? titled('Evidence', evidenceColumns(evidence)) : '',
    chartOf(evidence, diagnosis.causes),
    plan ? planWords(plan) : colours.bold('No change is proposed.'),
    ...[blockedPart(found, plain), consideredPart(rejected, plain)]
      .filter(({ lines }) => lines.length > 0)
      .map(({ label, lines }) => titled(label, `  ${lines.join('\n  ')}`)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function titled(title: string, body: string): string {
  return `${colours.bold(title)}\n${body}`;
}

function causeWords(cause: Cause): string {
  const observed = Object.entries(cause.observed).map(([name, value]) => `${name} = ${shown(value, '')}`);
  return `  ${colours.bold(cause.id)} (${cause.outcome}): ${cause.explanation} [${cause.evidence.join(', ')}]\n    ${colours.dim(`rule ${cause.rule}`)}\n    ${colours.dim(`here ${observed.join(', ')}`)}`;
}

function evidenceColumns(evidence: readonly Evidence[]): string {
  const rows = evidence.map((one) => [
    one.id,
    one.name,
    one.value === null ? '–' : shown(one.value, one.unit),
    one.quality,
    plain(one.window, 40),
    one.quality === 'fresh' ? cut(one.query, 100) : plain(one.note || one.query, 200),
  ]);
  return columns([['', 'what', 'value', 'quality', 'window', 'from'], ...rows]);
}

/** The ranged signal that the first cause rests on, or the first one there is. */
function chartOf(evidence: readonly Evidence[], causes: readonly Cause[]): string {
  const cited = new Set(causes.flatMap((cause) => cause.evidence));
  const ranged = evidence.filter((one) => one.points.length > 2);
  const one = ranged.find(({ id }) => cited.has(id)) ?? ranged[0];
  const drawn = one && chart(one.points, (value) => shown(value, one.unit));
  return drawn ? titled(`${one.name}, last ${plain(one.window, 40)}`, drawn) : '';
}

function planWords(plan: Plan): string {
  const diffs = plan.kind === 'change' ? plan.edits.map((edit) => coloured(edit.diff)) : [];
  const commands = plan.kind === 'advice' ? [] : [{ label: 'Commands', lines: commandLines(plan.steps) }];
  const parts = partsText([...planParts(plan, plain), ...commands]);
  return [colours.bold(`Plan: ${planTitle(plan, plain)}`), ...diffs, parts].join('\n\n');
}

/** Parts of one line are rows of one table; a longer one stands under its label. */
function partsText(parts: readonly PlanPart[]): string {
  const single = parts.filter(({ lines }) => lines.length === 1).map(({ label, lines }) => [label, lines[0] ?? '']);
  const longer = parts
    .filter(({ lines }) => lines.length > 1)
    .map(({ label, lines }) => titled(label, `  ${lines.join('\n  ')}`));
  return [columns(single), ...longer].join('\n\n');
}

function coloured(diff: string): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => `  ${visible(line)}`)
    .map((line) => (/^ {2}\+/.test(line) ? colours.green(line) : /^ {2}-/.test(line) ? colours.red(line) : line))
    .join('\n');
}

/** A line of a file with its spaces kept and nothing in it that steers a terminal. */
function visible(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === '\t' ? '  ' : ''));
}

function shown(value: number | string | boolean | null, unit: string): string {
  return typeof value === 'string' ? plain(value, 60) : quantity(value, unit).replace(/^`+ ?| ?`+$/g, '');
}

function cut(text: string, most: number): string {
  const whole = plain(text, most + 1);
  return whole.length > most ? `${whole.slice(0, most)}…` : whole;
}

function plain(text: string, most = 200): string {
  return plainText(text, most);
}
