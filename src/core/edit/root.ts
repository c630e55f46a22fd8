import type { SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { PathStep } from '../selector.ts';
import type { EditFormat } from './format.ts';
import { findPlace } from './place.ts';
import { readTree } from './text.ts';

/** The format of a file by its name; null for templates and for what Sluice does not edit. */
export function formatOf(file: string): EditFormat | null {
  const ending = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === 'json' || ending === 'jsonc') return 'json';
  if (ending === 'yml' || ending === 'yaml') return 'yaml';
  return ending === 'conf' || ending === 'properties' ? 'conf' : null;
}

/**
 * Where the JobSettings stand in a job file: at the top (no steps), in `settings` of what jobs/get answers, or in `new_settings` of what
 * jobs/reset takes. Selectors of a change are relative to this place, so that they fit the live settings too.
 */
export function settingsRoot(text: string): readonly { readonly key: string }[] {
  const root = readTree('json', text);
  if (!root.ok || !root.value.members.some((member) => member.key === 'job_id')) return [];
  const wrapped = ['new_settings', 'settings'].filter((key) =>
    root.value.members.some((member) => member.key === key && member.value.kind === 'map'),
  );
  const [key] = wrapped;
  return wrapped.length === 1 && key !== undefined ? [{ key }] : [];
}

/** The steps from the file's root; steps that already start there are left as they are. */
export function fromFileRoot<Step extends PathStep>(
  format: EditFormat,
  text: string,
  steps: readonly Step[],
): readonly (Step | SelectorStep)[] {
  const [root] = format === 'json' ? settingsRoot(text) : [];
  return root === undefined || startsWith(steps, root.key) ? steps : [root, ...steps];
}

/** The steps from the settings' root: what a change's selector says. */
export function fromSettingsRoot(format: EditFormat, text: string, steps: readonly SelectorStep[]): readonly SelectorStep[] {
  const [root] = format === 'json' ? settingsRoot(text) : [];
  return root !== undefined && startsWith(steps, root.key) ? steps.slice(1) : steps;
}

/**
 * The bundle target whose override sets the value at `path` (`resources.jobs.<key>…`) again, so that editing it here would have no effect
 * there; null when none does. Without `bundleTarget` every target counts. What cannot be followed counts as an override.
 */
export function shadowedBy(
  text: string,
  path: readonly PathStep[],
  bundleTarget?: string,
): Outcome<string | null, EditReasonCode> {
  const root = readTree('yaml', text);
  if (!root.ok) return root;
  if (!startsWith(path, 'resources')) return { ok: true, value: null };
  const groups = root.value.members.filter((member) => member.key === 'targets' || member.key === 'environments');
  for (const group of groups) {
    if (group.value.kind === 'alias') return { ok: true, value: group.key };
    const names = group.value.members.map((member) => member.key).filter((name) => (bundleTarget ?? name) === name);
    const name = names.find((one) => {
      const place = findPlace(root.value, [{ key: group.key }, { key: one }, ...path]);
      return place.ok ? place.value.node !== null : place.reason.code !== 'pointer_missing';
    });
    if (name !== undefined) return { ok: true, value: name };
  }
  return { ok: true, value: null };
}

function startsWith(steps: readonly PathStep[], key: string): boolean {
  const [first] = steps;
  return first !== undefined && 'key' in first && first.key === key;
}
