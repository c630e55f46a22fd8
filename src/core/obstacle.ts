import type { Investigation } from '../model/plan.ts';
import type { Fault, Reason } from '../model/reason.ts';
import { formatOf } from './edit/edit.ts';
import { readTree } from './edit/text.ts';
import type { TargetMatch } from './target.ts';
import { unreadableFault } from './unreadable.ts';

/** The target's files as they are at the base, and those that are not there. */
export interface TargetFiles {
  readonly found: readonly { readonly path: string; readonly text: string }[];
  readonly missing: readonly string[];
}

/** What stands between a diagnosis and a plan: a sentence for people, the reasons behind it, and faults of files with their lines. */
export interface Obstacle {
  readonly why: string;
  readonly reasons: readonly Reason[];
  readonly faults: readonly Fault[];
}

const CONFIG_FILE = '.github/sluice.yml';

/** Why there can be no plan whatever the diagnosis: no single target, a file that is gone or unreadable, no single runbook. */
export function obstacleOf(
  match: TargetMatch,
  runbook: Investigation['match'],
  { found, missing }: TargetFiles,
  alertname: string,
): Obstacle | null {
  if (match.kind === 'ambiguous') {
    const why = `Several targets in \`${CONFIG_FILE}\` match this alert equally well, so none is chosen. Write one more label of this alert under \`match\` of the target that is meant.`;
    return stop(why, tieReason(match));
  }
  if (match.kind === 'unknown') {
    const why = `No target in \`${CONFIG_FILE}\` matches this alert.`;
    return stop(why, {
      code: 'target_unknown',
      subject: 'target',
      expected: 'a target that matches the labels',
      observed: 'none',
    });
  }
  if (missing.length > 0) {
    const { name, line } = match.target;
    const why = 'A file that the target names is not there: correct its path, or bring the job into Git.';
    const expected = `a file of target ${name} (${CONFIG_FILE}:${line})`;
    return stop(why, { code: 'file_missing', subject: missing.join(', '), expected, observed: 'not on the default branch' });
  }
  const faults = found.flatMap(({ path, text }) => faultOf(path, text));
  if (faults.length > 0)
    return { why: 'A file that the target names cannot be read, so nothing can be changed in it.', reasons: [], faults };
  if (runbook.found === 'one') return null;
  return stop(runbook.found === 'tie' ? TIED_RUNBOOKS : NO_RUNBOOK, runbookReason(runbook, alertname));
}

const TIED_RUNBOOKS =
  'Several runbooks fit this alert equally well, so none is chosen. Take what matches out of all but one of them, or add `matches.labels` to the one that is meant.';
const NO_RUNBOOK =
  'No runbook fits this alert. Add its name to `matches.alertnames` of the runbook in `runbooks/` that answers it, or write a new one there: `docs/runbooks.md` of Sluice shows how, and `sluice check` names every fault.';

/** The equally good targets, with the lines to look at. */
export function tieReason({ tied }: Extract<TargetMatch, { kind: 'ambiguous' }>): Reason {
  const observed = tied.map(({ name, line }) => `${name} in line ${line}`).join(', ');
  return { code: 'target_ambiguous', subject: CONFIG_FILE, expected: 'one target with the most matching labels', observed };
}

/** Why no single runbook answers: several do, or none of those that are there. */
export function runbookReason({ found, runbooks }: Investigation['match'], alertname: string): Reason {
  const none = runbooks.length === 0 ? 'there are no runbooks' : `none of ${runbooks.join(', ')} does`;
  return found === 'tie'
    ? {
        code: 'runbook_none',
        subject: 'runbooks/',
        expected: 'one runbook that fits best',
        observed: `equally good: ${runbooks.join(', ')}`,
      }
    : {
        ...{ code: 'runbook_none', subject: 'runbooks/', observed: none },
        expected: `a runbook whose matches name the alert ${alertname}, its labels or a text in it`,
      };
}

/** Why a file cannot be edited at all, with its line; nothing for a file of a format that is only read. */
function faultOf(path: string, text: string): readonly Fault[] {
  const format = formatOf(path);
  const tree = format && readTree(format, text);
  return tree && !tree.ok ? [unreadableFault(path, tree.reason)] : [];
}

function stop(why: string, reason: Reason): Obstacle {
  return { why, reasons: [reason], faults: [] };
}
