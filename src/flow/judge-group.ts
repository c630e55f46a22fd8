import type { GateReporter, MergeQueue } from '../ports.ts';
import { groupCheck, UNREAD_GROUP } from '../render/merge-group.ts';
import { explainChange } from './explain.ts';
import type { LivePorts } from './live-facts.ts';

export interface GroupPorts extends LivePorts {
  readonly queue: MergeQueue;
  readonly reporter: GateReporter;
}

/**
 * Answers the merge queue: algorithm A once more, on live facts, about every pull request that would come onto the branch with its commit
 * `head`, each as the queue made it. Green only when all of them are allowed or none of ours to judge; what cannot be read is not green.
 */
export async function judgeGroup(branch: string, head: string, ports: GroupPorts): Promise<void> {
  const group = await ports.queue.group(branch, head);
  if (!group.known) return ports.reporter.check(head, 'failure', UNREAD_GROUP, group.why);
  if (!group.value) return;
  const judged = await Promise.all(
    group.value.map(async (queued) => {
      const { verdict } = await explainChange({ moment: 'queue', ...queued }, ports);
      return { pull: queued.pull, verdict };
    }),
  );
  const { conclusion, title, summary } = groupCheck(judged);
  await ports.reporter.check(head, conclusion, title, summary);
}
