import { takeAlerts } from '../flow/take-alerts.ts';
import type { Delivery } from '../model/delivery.ts';
import type { PortsOf } from './app.ts';

type AlertDelivery = Extract<Delivery, { kind: 'alerts' }>;

/**
 * Carries out alerts, those of one repository in the order in which they came and all that came meanwhile in one go: a storm costs as many
 * looks at GitHub as there are batches, not as there are alerts.
 */
export function alertBatches(portsOf: PortsOf): (delivery: AlertDelivery) => Promise<void> {
  const places = new Map<string, (delivery: AlertDelivery) => Promise<void>>();
  return (delivery) => {
    const take = places.get(delivery.repository) ?? inBatches((batch) => takeAt(delivery.repository, batch, portsOf));
    places.set(delivery.repository, take);
    return take(delivery);
  };
}

async function takeAt(repository: string, batch: readonly AlertDelivery[], portsOf: PortsOf) {
  const [owner = '', repo = ''] = repository.split('/');
  return takeAlerts(batch, await portsOf(owner, repo));
}

/**
 * Works on everything that waits, one batch at a time. Each thing handed in is settled by what the work says about it; where the work itself
 * throws, all of its batch are.
 */
export function inBatches<T>(work: (items: readonly T[]) => Promise<readonly (Error | null)[]>): (item: T) => Promise<void> {
  interface Waiting {
    readonly item: T;
    readonly settle: (error: Error | null) => void;
  }
  let waiting: Waiting[] = [];
  let working = false;
  const run = async () => {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const failed = await work(batch.map(({ item }) => item)).catch((error: unknown) => {
        const one = error instanceof Error ? error : new Error(String(error));
        return batch.map(() => one);
      });
      for (const [index, { settle }] of batch.entries()) settle(failed[index] ?? null);
    }
    working = false;
  };
  return (item) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ item, settle: (error) => (error ? reject(error) : resolve()) });
      if (!working) void run();
    });
}
