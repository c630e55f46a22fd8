import type { Delivery } from '../../model/delivery.ts';
import type { Alarm } from '../../ports.ts';

interface Waiting {
  readonly at: string;
  readonly delivery: Delivery;
  /** How often this look was missed before. */
  readonly missed: number;
}

/** Looks that wait for an instant, such as the opening of a window; kept by this process alone. */
export interface Alarms {
  of(repository: string): Alarm;
  /** Sets a look that could not be carried out to its end again: a green check may be what it could not take back. */
  missed(delivery: Delivery, now: Date): void;
  readonly empty: boolean;
  /** Takes out, and gives, those whose instant has come. */
  due(now: Date): readonly Delivery[];
}

/** What is missed is looked at again every ten minutes for a day; after that something has to happen, or the App to start. */
const AGAIN_MS = 10 * 60_000;
const MOST_MISSED = 144;
/** A look is missed within moments of its turn, or was carried out. */
const FORGET_MS = 60 * 60_000;

export function memoryAlarms(): Alarms {
  const waiting = new Map<string, Waiting>();
  const rung = new Map<string, Waiting>();
  return {
    of: (repository) => ({
      set(pull, at) {
        const delivery = lookAt(repository, pull, String(at));
        const look = lookOf(delivery);
        rung.delete(look);
        if (at === null) waiting.delete(look);
        else waiting.set(look, { at, delivery, missed: 0 });
      },
    }),
    missed(delivery, now) {
      const at = new Date(now.getTime() + AGAIN_MS).toISOString();
      const again = lookAgain(delivery, at);
      if (again === null) return;
      const look = lookOf(again);
      const [last, set] = [rung.get(look), waiting.get(look)];
      const missed = (last?.delivery.id === delivery.id ? last.missed : 0) + 1;
      if (missed > MOST_MISSED || (set && Date.parse(set.at) <= Date.parse(at))) return;
      waiting.set(look, { at, delivery: again, missed });
    },
    get empty() {
      return waiting.size === 0;
    },
    due(now) {
      for (const [look, { at }] of rung) if (Date.parse(at) < now.getTime() - FORGET_MS) rung.delete(look);
      const found = [...waiting].filter(([, { at }]) => Date.parse(at) <= now.getTime());
      for (const [key, one] of found) {
        waiting.delete(key);
        rung.set(key, one);
      }
      return found.map(([, { delivery }]) => delivery);
    },
  };
}

function lookAt(repository: string, pull: number, at: string): Delivery {
  const [owner = '', repo = ''] = repository.split('/');
  const key = `${repository}#${pull}`;
  return { id: `alarm ${key} ${at}`, key, kind: 'webhook', wake: { owner, repo, key, what: 'pull', number: pull } };
}

/** Where a delivery says to look, and why. */
function lookOf(delivery: Delivery): string {
  return delivery.kind === 'webhook' ? JSON.stringify(delivery.wake) : delivery.key;
}

/** The look that makes up for a delivery; null where its sender tells again, or what it asked for is not the gate's to answer. */
function lookAgain(delivery: Delivery, at: string): Delivery | null {
  const id = `alarm ${delivery.key} ${at}`;
  if (delivery.kind !== 'webhook') return delivery.kind === 'installed' ? { ...delivery, id } : null;
  const { wake } = delivery;
  switch (wake.what) {
    case 'open':
    case 'status':
    case 'group':
    case 'rollout':
      return { ...delivery, id };
    case 'protection':
      return { ...delivery, id: `${id} protection`, wake: { ...wake, appId: null } };
    case 'pull':
      return lookAt(`${wake.owner}/${wake.repo}`, wake.number, at);
    case 'comment':
      // What a command asked for is not done hours later; where its pull request stands is looked at all the same.
      return wake.isPull ? lookAt(`${wake.owner}/${wake.repo}`, wake.number, at) : null;
  }
}
