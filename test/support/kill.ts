import { foldRollout } from '../../src/core/rollout.ts';
import { checkTexts } from '../../src/doors/demo/people.ts';
import { startWorld, type World, type WorldOptions } from '../../src/doors/demo/world.ts';
import type { Rollout } from '../../src/model/rollout.ts';
import { parseRollout } from '../../src/schema/rollout.ts';

/** A world whose Action can be killed at its n-th changing call, counted from 1 over GitHub and Databricks together. */
export interface Mortal {
  readonly at: World;
  /** Set it right before the attempt that is to die, and back after it. */
  readonly state: { armed: boolean };
}

/**
 * The Action loses its machine right after a call took effect and before its answer arrived. `event`: which attempts may die while armed.
 */
export async function mortalWorld(
  call: number,
  event: 'push' | 'schedule',
  options: WorldOptions,
  armed = event === 'push',
): Promise<Mortal> {
  const stop = new AbortController();
  const state = { armed };
  let seen = 0;
  const at = await startWorld({
    ...options,
    kill: (run) => (run.event === event && run.attempt === 1 && state.armed ? stop.signal : undefined),
  });
  const count = () => {
    if (state.armed && ++seen === call) stop.abort();
  };
  at.github.onExchange(({ method, path }) => {
    const actor = at.github.calls.all().at(-1)?.actor ?? '';
    const changes = method !== 'GET' && !path.endsWith('/graphql') && !path.includes('access_tokens');
    if (changes && /^(app:8|actions)$/.test(actor)) count();
  });
  at.plant.databricks.onCall(({ method, path, token }) => {
    if (token === 'write' && method === 'POST' && !path.endsWith('/clusters/events')) count();
  });
  return { at, state };
}

/** What the apply App's log says of the one target of a merge. */
export async function rolloutOf(at: World, merge: string): Promise<Rollout> {
  const [text] = await checkTexts(at.github.url, 'acme/pipelines', 'token-of-olga', merge, 'sluice/rollout');
  const entries = parseRollout(text ?? '');
  return foldRollout(entries.known ? entries.value : []);
}
