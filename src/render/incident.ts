import type { Fault, Reason } from '../model/reason.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Signal } from '../model/signal.ts';
import { block, counted, inline, page, table } from './text.ts';

/** Finds an incident's issue again; it decides nothing, so it needs no signature. */
export function incidentMarker(identity: string): string {
  return `<!-- sluice:incident ${identity} -->`;
}

/** Whether a text is the body of an incident's issue: any identity will do. */
export function isIncidentBody(body: string): boolean {
  return body.includes(incidentMarker('').replace(' -->', ''));
}

/** What Databricks tells without a runbook, in our own words: its event names make the alert's name. */
const DATABRICKS_TITLES: Readonly<Record<string, string>> = {
  DatabricksJobFailed: 'A Databricks job failed',
  DatabricksJobSlow: 'A Databricks job runs longer than usual',
  DatabricksStreamingBacklog: 'A Databricks stream falls behind',
};

/** Titles carry nothing from outside: only our own words and names that the repository's own files give. */
export function incidentTitle(target: string | null, runbook: string | null, identity: string, alertname = ''): string {
  const known = Object.hasOwn(DATABRICKS_TITLES, alertname) ? DATABRICKS_TITLES[alertname] : undefined;
  const what = runbook ?? known ?? 'Alert without a runbook';
  return target ? `${what}: ${target}` : `${what} (no target, ${identity.slice(0, 8)})`;
}

/** What an issue's summary says of how often and how long its alert was told. `mark` is how the next telling finds it again. */
export type ShownSighting = Omit<Sighting, 'firing'> & { readonly mark: string };

export function incidentBody(identity: string, signal: Signal, seen: ShownSighting): string {
  const labels = Object.entries(signal.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return page(
    seen.resolvedAt
      ? `**Resolved** at ${seen.resolvedAt}, after it fired since ${seen.since}: alert ${inline(signal.alertname)} from ${signal.source}.`
      : `**Firing** since ${seen.since}: alert ${inline(signal.alertname)} from ${signal.source}.`,
    `Told at least ${counted(seen.count, 'time')}, first at ${seen.firstAt}, last at ${seen.lastAt}; this summary is edited at most once a minute.`,
    seen.snoozedUntil ? `Kept quiet until ${seen.snoozedUntil}: \`/investigate\` ends that.` : null,
    seen.cut > 0 ? `The sender left ${counted(seen.cut, 'more alert')} out of the latest group: some may be missing here.` : null,
    table(
      ['label', 'value'],
      labels.map(([label, value]) => [inline(label), inline(value)]),
    ),
    table(
      ['annotation', 'value'],
      Object.entries(signal.annotations).map(([name, value]) => [inline(name), inline(value, 500)]),
    ),
    'Sluice investigates, then says here what it found. It changes nothing that an owner of the changed files has not approved. `/help` lists the commands.',
    `${incidentMarker(identity)}\n${seen.mark}`,
  );
}

/** What an incident's issue says where nothing is investigated unasked. */
export function openedText(reopened: boolean): string {
  return `${reopened ? REOPENED : 'Opened from this alert.'} \`investigate: command\` is set, so nothing is looked at before a person with write access says \`/investigate\`.`;
}

/** Said instead of a proposal that nobody could approve. */
export const OWNERLESS =
  '**Sluice stopped here** (`owners_missing`). This repository has no CODEOWNERS file (`.github/CODEOWNERS`, `CODEOWNERS` or `docs/CODEOWNERS`), so nobody could approve a change. Add one that names an owner of the files above, with lines such as `/jobs/ @acme/data-oncall`, then say `/investigate`.';

export const REOPENED = 'The same alert is back: reopened.';

export function resolvedText(at: string): string {
  return `The alert was resolved at ${at}. The incident stays open: say \`/dismiss <reason>\`, or \`/investigate\` to see what is left of it.`;
}

export function returnedText(count: number): string {
  return `The alert fires again: return ${count}. What was found and proposed above stands; \`/investigate\` reads the evidence again.`;
}

export function stillFlappingText(count: number): string {
  return `The same alert is back: reopened, return ${count}. It is not investigated again; the advice on tuning it stands.`;
}

/** YAML for a person to add: a target of the config that is there, or a whole first config. */
export interface Suggestion {
  readonly what: 'target' | 'config';
  readonly yaml: string;
}

const TO_ADD: Readonly<Record<Suggestion['what'], string>> = {
  target:
    'To let Sluice act on alerts like this one, add to `targets` in `.github/sluice.yml`, with your own words for each REPLACE-WITH-…:',
  config:
    'To start, add this file as `.github/sluice.yml` on the default branch, with your own words for each REPLACE-WITH-…, then say `/investigate`:',
};

/** What stands in the way, in a sentence a person can act on, with the lines at fault. */
export function blockedText(
  why: string,
  reasons: readonly Reason[],
  faults: readonly Fault[],
  suggestion: Suggestion | null,
): string {
  return page(
    `**Sluice stopped here.** ${why}`,
    reasonList(reasons),
    faults.map(faultLine).join('\n'),
    suggestion ? `${TO_ADD[suggestion.what]}\n\n${block(suggestion.yaml, 'yaml')}` : null,
  );
}

/** Faults quote what files say, and fixes name things in angle brackets: both are code, so that none of it is markup. */
function faultLine({ code, file, line, message, fix }: Fault): string {
  return `- \`${code}\` ${inline(`${file}${line ? `:${line}` : ''}`)} ${inline(message, 500)}\n  Fix: ${inline(fix, 500)}`;
}

export function reasonList(reasons: readonly Reason[]): string {
  return reasons
    .map((one) => `- \`${one.code}\` ${inline(one.subject)}: expected ${inline(one.expected)}, found ${inline(one.observed)}`)
    .join('\n');
}
