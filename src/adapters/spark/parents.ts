import type { SparkStage } from '../../schema/spark-event.ts';

/**
 * Which stages wrote what each stage reads, by stage id. Adaptive execution runs each shuffle as a job of its own, and the job that reads it
 * names a skipped stage for its parent; so the writer is looked for by the RDD that it computed. A stage is left out where a writer is
 * not in the log, or where it could be one of several.
 */
export function parentsOf(stages: readonly SparkStage[]): ReadonlyMap<number, readonly number[]> {
  const ids = new Set(stages.map(({ stage }) => stage));
  const writers = new Map<number, Set<number>>();
  for (const { stage, lineage } of stages)
    if (lineage !== null) writers.set(lineage.computes, (writers.get(lineage.computes) ?? new Set()).add(stage));
  const parents = new Map<number, readonly number[]>();
  for (const { stage, lineage, parents: named } of stages) {
    const found = lineage === null ? named : writersOf(lineage.fetches, writers);
    if (found?.every((id) => ids.has(id))) parents.set(stage, found);
  }
  return parents;
}

function writersOf(fetches: readonly number[], writers: ReadonlyMap<number, ReadonlySet<number>>): readonly number[] | null {
  const found = fetches.map((rdd) => [...(writers.get(rdd) ?? [])]);
  return found.every(({ length }) => length === 1) ? found.flat() : null;
}
