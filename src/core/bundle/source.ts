import type { SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { findPlace } from '../edit/place.ts';
import type { TreeNode } from '../edit/tree.ts';
import { refuse } from '../refuse.ts';
import { formatSelector } from '../selector.ts';
import { type Bundle, type BundleFile, documentsIn } from './bundle.ts';
import { inResource, overrides } from './place.ts';
import { variableIn } from './use.ts';

type SourceOutcome<T> = Outcome<T, EditReasonCode>;

/** The one place whose text is the value that counts for the bundle target. */
export interface Source {
  readonly file: string;
  /** From the file's root. */
  readonly steps: readonly SelectorStep[];
  /** What stands there: the target's own setting, every target's, or the literal of a variable. */
  readonly is: 'override' | 'base' | 'own variable' | 'default';
  /** The variable that leads there; null where the setting is a literal itself. */
  readonly variable: string | null;
}

interface Standing {
  readonly file: string;
  readonly steps: readonly SelectorStep[];
  readonly node: TreeNode;
}

/**
 * Where the value of a job's setting stands for the bundle target: its override, else the base, and from there over one `${var.x}` to the
 * target's own value of it, else its default. Refused is what has no single literal: a value in two places, a variable of a variable, a
 * `lookup`, a complex variable, text around an interpolation. `steps` start at the job's settings. A key that is nowhere has its place in
 * the base, in the one file that has what it belongs to.
 */
export function sourceOf(steps: readonly SelectorStep[], bundle: Bundle): SourceOutcome<Source> {
  const base = inResource(bundle.resource, steps);
  const override = standingAt(overrides(bundle, base), bundle.files);
  if (!override.ok) return override;
  if (override.value !== null) return followed(override.value, 'override', bundle);
  const found = standingAt([base], bundle.files);
  if (!found.ok) return found;
  return found.value === null ? vacancyOf(base, bundle.files) : followed(found.value, 'base', bundle);
}

/** The one place of several that is there; null: none is. What stands on the way and cannot be followed is refused. */
function standingAt(paths: readonly (readonly SelectorStep[])[], files: readonly BundleFile[]): SourceOutcome<Standing | null> {
  const found: Standing[] = [];
  for (const { path, root } of documentsIn(files)) {
    if (!root.ok) return { ok: false, reason: { ...root.reason, subject: path } };
    for (const steps of paths) {
      const place = findPlace(root.value, steps);
      if (place.ok && place.value.node !== null) found.push({ file: path, steps, node: place.value.node });
      else if (!place.ok && place.reason.code !== 'pointer_missing')
        return { ok: false, reason: { ...place.reason, observed: `${place.reason.observed} in ${path}` } };
    }
  }
  const [only = null] = found;
  return found.length > 1
    ? inSeveral(
        paths,
        found.map((one) => one.file),
      )
    : { ok: true, value: only };
}

/** The place where a missing key would stand: its parents are there, so that the rest of the path is only keys. */
function vacancyOf(steps: readonly SelectorStep[], files: readonly BundleFile[]): SourceOutcome<Source> {
  const tried = documentsIn(files).flatMap(({ path, root }) => (root.ok ? [{ path, place: findPlace(root.value, steps) }] : []));
  const fit = tried.filter(({ place }) => place.ok);
  const [only] = fit;
  if (only && fit.length === 1) return { ok: true, value: { file: only.path, steps, is: 'base', variable: null } };
  if (only)
    return inSeveral(
      [steps],
      fit.map(({ path }) => path),
    );
  const refusal = tried.flatMap(({ place }) => (place.ok ? [] : [place.reason]))[0];
  return refusal
    ? { ok: false, reason: refusal }
    : refuse('no_surface', formatSelector(steps), 'a file of the bundle that holds it', 'none');
}

function followed(from: Standing, is: 'override' | 'base', bundle: Bundle): SourceOutcome<Source> {
  const { file, steps, node } = from;
  if (!node.interpolated && variableIn(node.text) === null) return { ok: true, value: { file, steps, is, variable: null } };
  const name = node.kind === 'scalar' ? variableIn(node.text) : null;
  if (name !== null) return literalOf(name, bundle);
  return refuse('interpolated', `${formatSelector(steps)} in ${file}`, `a literal, or one \${var.name} alone`, node.text);
}

/** The literal of a variable for the bundle target. */
function literalOf(name: string, bundle: Bundle): SourceOutcome<Source> {
  const declared: readonly SelectorStep[] = [{ key: 'variables' }, { key: name }];
  const base = valueAt([declared], name, bundle.files);
  if (!base.ok) return base;
  const own = valueAt(overrides(bundle, declared), name, bundle.files);
  if (!own.ok) return own;
  const [found, is] = own.value ? [own.value, 'own variable' as const] : [base.value, 'default' as const];
  if (found === null)
    return refuse('pointer_missing', `\${var.${name}}`, `a value in the target’s files: variables.${name}.default`, 'none');
  const { file, steps, node } = found;
  if (node.kind !== 'scalar') return complex(name, file);
  if (node.text.includes('${'))
    return refuse('interpolated', `\${var.${name}}`, 'a literal, one step away', `${node.text} in ${file}`);
  return { ok: true, value: { file, steps, is, variable: name } };
}

/** What a variable's entry says: the entry itself where it is short, its `default` where it has one; null: it says no value. */
function valueAt(
  paths: readonly (readonly SelectorStep[])[],
  name: string,
  files: readonly BundleFile[],
): SourceOutcome<Standing | null> {
  const entry = standingAt(paths, files);
  if (!entry.ok || entry.value === null || entry.value.node.kind !== 'map') return entry;
  const { file, steps, node } = entry.value;
  const has = (key: string, text?: string) =>
    node.members.some((member) => member.key === key && (text === undefined || member.value.text === text));
  if (has('lookup')) return refuse('interpolated', `\${var.${name}}`, 'a literal', `a lookup in the workspace, in ${file}`);
  if (has('type', 'complex')) return complex(name, file);
  return standingAt(
    [[...steps, { key: 'default' }]],
    files.filter(({ path }) => path === file),
  );
}

function complex(name: string, file: string): SourceOutcome<never> {
  return refuse('type_mismatch', `\${var.${name}}`, 'a single value', `a complex variable in ${file}`);
}

function inSeveral(paths: readonly (readonly SelectorStep[])[], files: readonly string[]): SourceOutcome<never> {
  const subject = formatSelector(paths[0] ?? []);
  return refuse('no_surface', subject, 'one place in the target’s files that holds it', files.join(', '));
}
