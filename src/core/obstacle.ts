import type { Investigation } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import { formatOf } from './edit/edit.ts';
import { readTree } from './edit/text.ts';
import type { TargetMatch } from './target.ts';

/** The target's files as they are at the base, and those that are not there. */
export interface TargetFiles {
  readonly found: readonly { readonly path: string; readonly text: string }[];
  readonly missing: readonly string[];
}

/** What stands between a diagnosis and a plan: a sentence for people, and the reasons behind it. */
export interface Obstacle {
  readonly why: string;
  readonly reasons: readonly Reason[];
}

/** Why there can be no plan whatever the diagnosis: no single target, a file that is gone or unreadable, no single runbook. */
export function obstacleOf(
  match: TargetMatch,
  runbook: Investigation['match'],
  { found, missing }: TargetFiles,
): Obstacle | null {
  if (match.kind === 'ambiguous') {
    const why = 'Several targets match this alert equally well; make one of them more specific.';
    return stop(why, 'target_ambiguous', 'target', 'one target', match.candidates.join(', '));
  }
  if (match.kind === 'unknown') {
    const why = 'No target in `.github/sluice.yml` matches this alert.';
    return stop(why, 'target_unknown', 'target', 'a target that matches the labels', 'none');
  }
  if (missing.length > 0) {
    const why = 'A file that the target names is not there.';
    return stop(why, 'file_missing', missing.join(', '), `a file of target ${match.target.name}`, 'not on the default branch');
  }
  const unreadable = found.flatMap(({ path, text }) => faultOf(path, text));
  if (unreadable.length > 0)
    return { why: 'A file that the target names cannot be read, so nothing can be changed in it.', reasons: unreadable };
  if (runbook.found === 'one') return null;
  const why = runbook.found === 'tie' ? 'Several runbooks fit this alert equally well.' : 'No runbook fits this alert.';
  return stop(why, 'runbook_none', 'runbook', 'one runbook', runbook.runbooks.join(', ') || 'none');
}

/** Why a file cannot be edited at all, with its line; nothing for a file of a format that is only read. */
function faultOf(path: string, text: string): readonly Reason[] {
  const format = formatOf(path);
  const tree = format && readTree(format, text);
  return tree && !tree.ok ? [{ ...tree.reason, subject: path }] : [];
}

function stop(why: string, code: Reason['code'], subject: string, expected: string, observed: string): Obstacle {
  return { why, reasons: [{ code, subject, expected, observed }] };
}
