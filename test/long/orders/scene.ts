import { readRef } from '../../../src/twin/github/git/refs.ts';
import type { Queue } from './acts.ts';
import type { Ledger } from './ledger.ts';
import type { Moment } from './rule.ts';
import type { Stage } from './stage.ts';

/** What an order of acts came to: how often something was merged by us or written, and what should not have been. */
export interface Outcome {
  merged: number;
  /** Of those merged, how many by the merge queue. */
  queued: number;
  written: number;
  /** Merges and writes that only broken glass let pass. */
  glass: number;
  readonly wrong: string[];
}

/** Our check turned green on what the queue made of a pull request. */
export interface Green {
  /** When, and under which policies, it was right or wrong. */
  readonly at: Moment;
  readonly objection: string | null;
  /** Nothing but broken glass let it turn green. */
  readonly onGlass: boolean;
}

export interface Play {
  readonly stage: Stage;
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly outcome: Outcome;
  /** By the commit of the group. */
  readonly greens: Map<string, Green>;
  /** Partitions in force, the present ones last. */
  readonly inForce: string[];
  seen: number;
  value: number;
  /** Whether, before this turn, the App had heard of everything, and nothing had failed it. */
  heardAll: boolean;
  /** Whether an event was lost, or the App's wire broke, at any time. */
  missed: boolean;
}

export function sceneOn(stage: Stage, queue: Queue): Play {
  const head = readRef(stage.git, 'refs/heads/sluice/1-1') ?? '';
  const ledger: Ledger = {
    turn: 0,
    said: [],
    pulls: new Map([[2, { author: 'sluice[bot]', branch: 'sluice/1-1', first: head }]]),
    makers: new Map([[head, 'sluice[bot]']]),
    merges: [],
    entered: new Map(),
    groups: new Map(),
  };
  const outcome = { merged: 0, queued: 0, written: 0, glass: 0, wrong: [] };
  const seen = { inForce: ['200'], seen: 0, value: 300, heardAll: true, missed: false };
  return { stage, queue, ledger, outcome, greens: new Map(), ...seen };
}
