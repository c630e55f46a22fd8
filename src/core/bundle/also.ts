import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Bundle } from './bundle.ts';
import { targetsOnDefault } from './landing.ts';
import { reachOf, useText } from './reach.ts';
import type { Source } from './source.ts';
import { usesOf } from './use.ts';

/** Uses of a variable that are told one by one; the rest is counted. */
const MOST_TOLD = 20;

/**
 * What else a change of the value at `source` changes, in words: other bundle targets, and every user of a variable. Refused where a use of the
 * variable is no setting of a job by itself, as the gate would refuse it. `key`: the setting as people call it.
 */
export function alsoChangedBy(source: Source, bundle: Bundle, key: string): Outcome<readonly string[], EditReasonCode> {
  const reach = reachOf(source.steps, bundle);
  if (!reach.ok) return reach;
  if (source.is === 'override') return { ok: true, value: [] };
  if (source.variable === null)
    return { ok: true, value: [`every bundle target that deploys this resource, until one overrides ${key}`] };
  const uses = usesOf(source.variable, bundle.files);
  if (!uses.ok) return uses;
  const told = uses.value.slice(0, MOST_TOLD).map((use) => `\${var.${source.variable}} is used at ${useText(use)}`);
  const more = uses.value.length - told.length;
  const others = targetsOnDefault(source.variable, bundle).filter((name) => name !== bundle.bundleTarget);
  return {
    ok: true,
    value: [
      ...told,
      ...(more > 0 ? [`${more} more uses of it`] : []),
      ...(source.is === 'default' && others.length > 0
        ? [`the bundle targets ${others.join(', ')}, which have no value of their own for ${source.variable}`]
        : []),
    ],
  };
}
