import type { Config } from '../model/config.ts';
import type { MergedChange, TouchedFiles } from '../model/merged-change.ts';
import type { Target } from '../model/target.ts';

/** One thing that a merge brought to one target: a change record, or files that a person changed, whose meaning is not known yet. */
export interface Brought {
  readonly merge: string;
  readonly order: number;
  readonly target: string;
  readonly workspace: string | null;
  readonly brought: MergedChange | TouchedFiles;
}

/**
 * Everything that merges brought, newest first. A person's merge counts once for each target whose files it changed, except where the
 * merge itself applies a target: there is nothing to do there.
 */
export function everythingBrought(
  config: Config | null,
  changes: readonly MergedChange[],
  touched: readonly TouchedFiles[],
): readonly Brought[] {
  const records = changes.map((change) => ({
    merge: change.merge,
    order: change.order,
    target: change.record.target,
    workspace: change.record.workspace,
    brought: change,
  }));
  const targets = (config?.targets ?? []).filter((target) => target.appliedBy !== 'merge');
  const people = touched.flatMap((one) =>
    targets
      .filter((target) => one.files.some((file) => target.files.includes(file.path)))
      .map(({ name, workspace }) => ({ merge: one.merge, order: one.order, target: name, workspace, brought: one })),
  );
  return [...records, ...people].sort((a, b) => a.order - b.order);
}

/** The names under which a job goes: the newest change of a job wins, whatever target it came by. */
export function jobNames(
  target: Target | undefined,
  name: string,
  workspace: string | null,
  jobId: string | null,
): readonly string[] {
  const job = target?.job;
  return [
    `target ${name}`,
    ...(job ? [`job ${target.workspace} ${job.by === 'id' ? job.id : JSON.stringify(job)}`] : []),
    ...(jobId !== null ? [`job ${workspace} ${jobId}`] : []),
  ];
}
