import fc from 'fast-check';
import {
  type Act,
  AS_BEFORE,
  CODEOWNERS,
  CONFIGS,
  GLASS,
  OPENS,
  type Order,
  PEOPLE,
  PUSHES,
  type Queue,
  type Start,
  type Who,
  WORDS,
} from './acts.ts';
import { QUEUE_STORIES, STORIES } from './stories.ts';

const who = fc.constantFrom(...PEOPLE);
const owner = fc.constantFrom<Who>('olga', 'olga', 'pat', 'omar', 'wendy');
const named = fc.constantFrom<Who>('omar', 'omar', 'wendy', 'wendy', 'mallory', 'olga');
const pull = fc.nat(3);
const some = fc.nat(20);
const words = fc.constantFrom(...WORDS);
const wherever = fc.oneof(pull, fc.constant('every one' as const));

const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('say' as const), who: owner, words, pull }) },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('say' as const), who: owner, words: fc.constant('approve' as const), pull }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('say' as const), who: named, words: fc.constantFrom('glass', ...GLASS), pull }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('deliver' as const), which: some, twice: fc.boolean() }) },
  { weight: 6, arbitrary: fc.constant({ do: 'wake' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), who, pull, what: fc.constantFrom(...PUSHES) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      who,
      comment: some,
      into: fc.constantFrom('approve', 'glass', 'chat'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), who, comment: some }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('team' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('codeowners' as const), to: fc.constantFrom(...CODEOWNERS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('config' as const), to: fc.constantFrom(...CONFIGS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('base' as const), who, what: fc.constantFrom('notes', 'job', 'record') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), who, what: fc.constantFrom(...OPENS) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('merge' as const), who, pull, how: fc.constantFrom('merge', 'squash', 'rebase') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retarget' as const), who, pull }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('workflow' as const),
      what: fc.constantFrom('approve', 'edit', 'check', 'group check', 'merge', 'push'),
      pull,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 20, 180, 700, 2000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), which: some }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      side: fc.constantFrom('app', 'action', 'workspace'),
      after: fc.nat(14),
      took: fc.boolean(),
    }),
  },
);

const anActOnQueue: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enqueue' as const), who, pull }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dequeue' as const), who, pull }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('build' as const),
      of: wherever,
      on: fc.constantFrom('head', 'group'),
      green: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
);

/** The policies that a story begins with are those that its repository was made with: pushed, nothing would be applied under them. */
function begun(story: readonly Act[], start = AS_BEFORE): { readonly start: Start; readonly acts: readonly Act[] } {
  const [first, ...rest] = story;
  if (first?.do === 'config') return begun(rest, { ...start, config: first.to });
  if (first?.do === 'codeowners') return begun(rest, { ...start, codeowners: first.to });
  return { start, acts: story };
}

/** A story with up to eight things in it that nobody had foreseen. */
function told(queue: Queue, stories: readonly (readonly Act[])[], act: fc.Arbitrary<Act>): fc.Arbitrary<Order> {
  return fc
    .record({ story: fc.constantFrom(...stories), others: fc.array(fc.record({ at: fc.nat(9), act }), { maxLength: 8 }) })
    .map(({ story, others }) => {
      const { start, acts } = begun(story);
      return {
        queue,
        start,
        acts: others.reduce((all, other) => all.toSpliced(other.at % (all.length + 1), 0, other.act), acts),
      };
    });
}

const inQueue = fc.oneof({ weight: 2, arbitrary: anAct }, { weight: 1, arbitrary: anActOnQueue });
const queueing = [...STORIES, ...QUEUE_STORIES, ...QUEUE_STORIES];

/** Two of five are played where main has a merge queue. */
export const anOrder: fc.Arbitrary<Order> = fc.oneof(
  { weight: 9, arbitrary: told('none', STORIES, anAct) },
  { weight: 3, arbitrary: told('merge', queueing, inQueue) },
  ...(['squash', 'rebase', 'by name'] as const).map((queue) => ({ weight: 1, arbitrary: told(queue, queueing, inQueue) })),
);
