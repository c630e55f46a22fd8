import { describe, expect, test } from 'vitest';
import type { Probe } from './probe.ts';
import { CONTENT } from './probes/content.ts';
import { IDENTITY } from './probes/identity.ts';
import { MISSING } from './probes/missing.ts';
import { PULLS } from './probes/pulls.ts';
import { THREADS } from './probes/threads.ts';
import { emulated, ours } from './sides.ts';

/**
 * The rehearsal's GitHub beside another one, written by others. Where both answer as GitHub documents, neither agrees only with itself;
 * where `emulate` is known to be wrong, its row says how, and ours alone is held to the answer.
 */
const TOPICS: readonly (readonly [string, readonly Probe[]])[] = [
  ['identity', IDENTITY],
  ['content', CONTENT],
  ['issues, comments, checks, webhooks', THREADS],
  ['pull requests', PULLS],
  ['what the other lacks', MISSING],
];

describe.each(TOPICS)('%s', (_, probes) => {
  test.each(probes.map((probe) => [probe.what, probe] as const))('%s: ours', async (_what, probe) => {
    expect(await probe.ask(await ours())).toEqual(probe.expected);
  });

  const shared = probes.filter((probe) => probe.emulateIsWrong === undefined);
  test.each(shared.map((probe) => [probe.what, probe] as const))('%s: emulate', async (_what, probe) => {
    expect(await probe.ask(await emulated())).toEqual(probe.expected);
  });
});
