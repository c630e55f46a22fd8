import type { Delivery } from '../../model/delivery.ts';
import type { Inbox } from '../../ports.ts';

/** Seconds before a delivery that failed is tried again; after the last one it is reported and given up. */
const RETRY_AFTER_SECONDS = [1, 5];

/**
 * An inbox for one process without durability: deliveries of one key run in order, keys run side by side, a delivery that was
 * taken is not taken twice, and one that only says to look where another that waits will look adds nothing. A process that ends loses what it had not answered; a durable inbox takes this one's place in production.
 */
export function memoryInbox(report: (error: unknown, delivery: Delivery) => void): Inbox {
  const finished = new Set<string>();
  const waiting = new Set<string>();
  const tails = new Map<string, Promise<void>>();
  let work: ((delivery: Delivery) => Promise<void>) | null = null;
  return {
    async put(delivery) {
      const look = delivery.kind === 'webhook' ? JSON.stringify(delivery.wake) : delivery.id;
      if (finished.has(delivery.id) || waiting.has(look)) return false;
      finished.add(delivery.id);
      waiting.add(look);
      const run = async () => {
        waiting.delete(look);
        for (const seconds of [...RETRY_AFTER_SECONDS, null]) {
          try {
            return await work?.(delivery);
          } catch (error) {
            if (seconds !== null) await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
            else {
              finished.delete(delivery.id);
              report(error, delivery);
            }
          }
        }
      };
      const tail = (tails.get(delivery.key) ?? Promise.resolve()).then(run).then(() => {
        // Keys come and go: one that nothing waits for is forgotten.
        if (tails.get(delivery.key) === tail) tails.delete(delivery.key);
      });
      tails.set(delivery.key, tail);
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
