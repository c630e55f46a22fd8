import type { BlockedRule, Diagnosis } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Known } from '../model/known.ts';
import type { Runbook } from '../model/runbook.ts';
import { CURRENT } from './current.ts';
import { isShapeOf } from './evidence.ts';
import type { Facts } from './expression.ts';
import { expressionsOver } from './expression.ts';
import { runbookVocabulary } from './runbook-vocabulary.ts';

/** What the names of expressions were read from, as far as it could be. */
export interface Sources {
  readonly evidence: readonly Evidence[];
  readonly job: Known<unknown>;
  readonly nodeTypes: Known<unknown>;
}

/**
 * The rules that nobody can judge, each with what is unknown and why. A healthy or confirmed diagnosis needs none of them; an
 * inconclusive one without any says that everything was read and no rule holds.
 */
export function blockedRules(
  runbook: Runbook,
  { outcome }: Pick<Diagnosis, 'outcome'>,
  facts: Facts,
  sources: Sources,
): readonly BlockedRule[] {
  if (outcome === 'healthy' || outcome === 'confirmed') return [];
  const expressions = expressionsOver(runbookVocabulary(runbook));
  return runbook.diagnose.flatMap(({ id, when }) => {
    const compiled = expressions.compile(when, 'bool');
    if (!compiled.ok) return [];
    const result = compiled.expression.evaluate(facts);
    if (result.known) return [];
    return [{ rule: id, unknown: result.unknown.map((name) => ({ name, why: whyUnknown(name, sources) })) }];
  });
}

/** Memory and cores of a node type stand in the workspace's list alone, never in the job's settings. */
const OF_NODES: ReadonlySet<string> = new Set(['job.node_memory_gb', 'job.node_cores', 'job.cores', 'job.driver_memory_gb']);

/** Why nobody knows what a name of an expression stands for. */
export function whyUnknown(name: string, { evidence, job, nodeTypes }: Sources): string {
  if (name === 'result') return 'the arithmetic gives no number';
  if (name === CURRENT) return 'the place to edit holds no number';
  const [group = ''] = name.split('.');
  if (group === 'params') return 'the alert does not tell it';
  if (group === 'job' || group === 'task') {
    if (!job.known) return job.why;
    return OF_NODES.has(name) && !nodeTypes.known ? `node types: ${nodeTypes.why}` : 'the settings do not tell it';
  }
  const one = evidence.find((piece) => piece.name === name) ?? evidence.find((piece) => isShapeOf(name, piece.name));
  if (one === undefined) return 'it was not read';
  if (one.quality !== 'fresh') return one.note || one.quality;
  return one.name === name ? 'it has no value' : 'fewer than three points';
}
