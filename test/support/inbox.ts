import type { Delivery } from '../../src/model/delivery.ts';
import type { Inbox } from '../../src/ports.ts';

/** An inbox that only remembers, so that a test sees what a door stored. */
export function rememberingInbox(): Inbox & { readonly stored: Delivery[] } {
  const stored: Delivery[] = [];
  return {
    stored,
    put: async (delivery) => {
      if (stored.some((one) => one.id === delivery.id)) return false;
      stored.push(delivery);
      return true;
    },
    start: () => {},
    idle: async () => {},
  };
}
