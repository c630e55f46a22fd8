import type { Fault, Reason } from '../model/reason.ts';
import type { Signal } from '../model/signal.ts';
import { block, inline, page, table } from './text.ts';

/** Finds an incident's issue again; it decides nothing, so it needs no signature. */
export function incidentMarker(identity: string): string {
  return `<!-- sluice:incident ${identity} -->`;
}

/** Whether a text is the body of an incident's issue: any identity will do. */
export function isIncidentBody(body: string): boolean {
  return body.includes(incidentMarker('').replace(' -->', ''));
}

/** Titles carry nothing from outside: only names that the repository's own files give. */
export function incidentTitle(target: string | null, runbook: string | null, identity: string): string {
  const what = runbook ?? 'Alert without a runbook';
  return target ? `${what}: ${target}` : `${what} (no target, ${identity.slice(0, 8)})`;
}

export function incidentBody(identity: string, signal: Signal): string {
  const labels = Object.entries(signal.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return page(
    `**${signal.status === 'firing' ? 'Firing' : 'Resolved'}** since ${inline(signal.startsAt)}: alert ${inline(signal.alertname)} from ${signal.source}.`,
    table(
      ['label', 'value'],
      labels.map(([label, value]) => [inline(label), inline(value)]),
    ),
    table(
      ['annotation', 'value'],
      Object.entries(signal.annotations).map(([name, value]) => [inline(name), inline(value, 500)]),
    ),
    'Sluice investigates, then says here what it found. It changes nothing that an owner of the changed files has not approved. `/help` lists the commands.',
    incidentMarker(identity),
  );
}

/** What stands in the way, in a sentence a person can act on, with the lines at fault. */
export function blockedText(
  why: string,
  reasons: readonly Reason[],
  faults: readonly Fault[],
  suggestion: string | null,
): string {
  return page(
    `**Sluice stopped here.** ${why}`,
    reasonList(reasons),
    faults
      .map((fault) => `- \`${fault.file}${fault.line ? `:${fault.line}` : ''}\` ${fault.message}\n  Fix: ${fault.fix}`)
      .join('\n'),
    suggestion
      ? `To let Sluice act on alerts like this one, add to \`targets\` in \`.github/sluice.yml\`:\n\n${block(suggestion, 'yaml')}`
      : null,
  );
}

export function reasonList(reasons: readonly Reason[]): string {
  return reasons
    .map((one) => `- \`${one.code}\` ${inline(one.subject)}: expected ${inline(one.expected)}, found ${inline(one.observed)}`)
    .join('\n');
}
