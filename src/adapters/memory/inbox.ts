import type { Delivery } from '../../model/delivery.ts';
import type { Inbox } from '../../ports.ts';

/**
 * An inbox for one process without durability: deliveries of one key run in order, keys run side by side, a delivery that was
 * finished is not run again. It serves rehearsals and tests; a server keeps its inbox in PostgreSQL.
 */
export function memoryInbox(report: (error: unknown, delivery: Delivery) => void): Inbox {
  const finished = new Set<string>();
  const tails = new Map<string, Promise<void>>();
  let work: ((delivery: Delivery) => Promise<void>) | null = null;
  return {
    async put(delivery) {
      if (finished.has(delivery.id)) return false;
      finished.add(delivery.id);
      const run = async () => {
        try {
          await work?.(delivery);
        } catch (error) {
          finished.delete(delivery.id);
          report(error, delivery);
        }
      };
      tails.set(delivery.key, (tails.get(delivery.key) ?? Promise.resolve()).then(run));
      return true;
    },
    start(worker) {
      work = worker;
    },
    idle: async () => {
      await Promise.all(tails.values());
    },
  };
}
