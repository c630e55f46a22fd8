import type { Config } from '../model/config.ts';
import type { MergedChange, TouchedFiles } from '../model/merged-change.ts';
import type { ChangeRecord } from '../model/record.ts';
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
 * Everything that merges brought, newest first. Files count once for each target that they are of, but those that a record of the same merge
 * accounts for: it is judged with them. A record of nobody's target, or of other files, hides nothing.
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
  const targets = config?.targets ?? [];
  const people = touched.flatMap((one) => {
    const own = changes.filter(({ merge }) => merge === one.merge).map(({ record }) => record);
    const left = one.files.filter(({ path }) => !own.some((record) => accountsFor(record, path, targets)));
    return targets
      .filter(({ files }) => left.some(({ path }) => files.includes(path)))
      .map(({ name, workspace }) => ({ merge: one.merge, order: one.order, target: name, workspace, brought: one }));
  });
  return [...records, ...people].sort((a, b) => a.order - b.order);
}

function accountsFor(record: ChangeRecord, path: string, targets: readonly Target[]): boolean {
  const target = targets.find(({ name, workspace }) => name === record.target && workspace === record.workspace);
  return target?.files.includes(path) === true && record.changes.some(({ file }) => file === path);
}

/** The names under which a job goes: two targets may lead to one job. */
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

/** Which jobs newer changes have taken, while older ones are looked at. */
export interface Overtaking {
  includes(one: Brought, names: readonly string[]): boolean;
  add(one: Brought, names: readonly string[]): void;
}

/**
 * A record was planned for the job as it was, so anything newer overtakes it, and a newer record overtakes everything. People's changes of one
 * target stand beside each other: each is applied while the files still hold what it made of them.
 */
export function overtaking(): Overtaking {
  const [records, people] = [new Set<string>(), new Map<string, string>()];
  return {
    includes: ({ brought, target }, names) =>
      names.some((name) => records.has(name) || (people.has(name) && ('record' in brought || people.get(name) !== target))),
    add({ brought, target }, names) {
      for (const name of names)
        if ('record' in brought) records.add(name);
        else if (!people.has(name)) people.set(name, target);
    },
  };
}
