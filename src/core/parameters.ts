import type { Runbook } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';

/**
 * A runbook's parameters from the alert's labels and the target. One that is not there, or does not fit its type, is left out: the
 * queries that need it are then unread, never guessed. Values are data; `core/promql.ts` quotes them.
 */
export function parametersFor(
  runbook: Pick<Runbook, 'parameters'>,
  labels: Readonly<Record<string, string>>,
  target: Target | null,
): Readonly<Record<string, string>> {
  const found = Object.entries(runbook.parameters).flatMap(([name, { type, from, labels: names = [name] }]) => {
    const value =
      from === 'target'
        ? ofTarget(name, target)
        : names.map((label) => labels[label]).find((one) => one !== undefined && one !== '');
    const fits = value !== undefined && value.length <= 256 && (type === 'string' || /^-?\d{1,19}$/.test(value));
    return fits ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}

function ofTarget(name: string, target: Target | null): string | undefined {
  if (name === 'job_id') return target?.job?.by === 'id' ? target.job.id : undefined;
  if (name === 'job_name') return target?.job?.by === 'name' ? target.job.name : undefined;
  if (name === 'task_key') return target?.taskKey ?? undefined;
  return name === 'cluster_key' ? (target?.clusterKey ?? undefined) : undefined;
}
