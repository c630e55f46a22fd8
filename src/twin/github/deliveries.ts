import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { type Fields, fieldsOf } from './json.ts';
import type { Happening, World } from './world.ts';

export interface Delivery {
  readonly guid: string;
  readonly appId: number;
  readonly name: string;
  readonly payload: Fields;
  /** The answers so far; 0 when nobody answered. A redelivery adds one. */
  readonly answers: readonly number[];
}

export interface Deliveries {
  list(): readonly Delivery[];
  redeliver(guid: string): Promise<void>;
  mode: { duplicate?: boolean; reorder?: boolean; drop?: (name: string) => boolean };
  /** Resolves when every queued delivery has been answered, also those that answering caused. */
  settled(): Promise<void>;
}

const PATIENCE_MS = 10_000;

interface Sent extends Delivery {
  readonly answers: number[];
}

/** Webhooks of every App installation: one queue, in order, so that a test can disturb the order on purpose. */
export function createDeliveries(world: World): Deliveries & { post(happening: Happening): void } {
  const sent: Sent[] = [];
  const waiting: Sent[] = [];
  let pump: Promise<void> | null = null;
  const mode: Deliveries['mode'] = {};

  const drain = async () => {
    await new Promise((resolve) => setImmediate(resolve)); // the request that caused the event is answered first
    for (let next = take(waiting, mode); next !== undefined; next = take(waiting, mode))
      next.answers.push(await send(world, next));
    pump = null;
  };
  const queue = (delivery: Sent) => {
    waiting.push(delivery);
    pump ??= drain();
  };
  return {
    list: () => sent,
    mode,
    redeliver: async (guid) => {
      for (const delivery of sent.filter((one) => one.guid === guid)) delivery.answers.push(await send(world, delivery));
    },
    settled: async () => {
      while (pump !== null) await pump;
    },
    post: (happening) => {
      for (const app of world.seed.apps) {
        if (!world.hooks.has(app.id) || !concerns(happening, app.installationId)) continue;
        const payload = { installation: { id: app.installationId, node_id: `MDIz${app.installationId}` }, ...happening.payload };
        const delivery: Sent = { guid: randomUUID(), appId: app.id, name: happening.name, payload, answers: [] };
        sent.push(delivery);
        if (mode.drop?.(happening.name) === true) continue;
        queue(delivery);
        if (mode.duplicate === true) queue(delivery);
      }
    },
  };
}

/** Events about an installation go to its App alone. */
function concerns(happening: Happening, installationId: number): boolean {
  const { installation } = happening.payload;
  return installation === undefined || fieldsOf(installation).id === installationId;
}

function take(waiting: Sent[], mode: Deliveries['mode']): Sent | undefined {
  return mode.reorder === true ? waiting.pop() : waiting.shift();
}

function send(world: World, delivery: Sent): Promise<number> {
  const hook = world.hooks.get(delivery.appId);
  if (hook === undefined) return Promise.resolve(0);
  const body = JSON.stringify(delivery.payload);
  const signature = (hash: string) => createHmac(hash, hook.secret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'GitHub-Hookshot/5ea11ce',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.name,
    'x-github-hook-id': String(500_000 + delivery.appId),
    'x-github-hook-installation-target-id': String(delivery.appId),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${signature('sha1')}`,
    'x-hub-signature-256': `sha256=${signature('sha256')}`,
  };
  return new Promise((resolve) => {
    const outgoing = request(hook.url, { method: 'POST', headers, timeout: PATIENCE_MS, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });
}
