import fc from 'fast-check';

/** olga owns the job files by name, pat by team, omar everything else and is an admin; wendy and mallory may write and own nothing. */
export const PEOPLE = ['olga', 'pat', 'omar', 'wendy', 'mallory'] as const;
export type Who = (typeof PEOPLE)[number];

export const WORDS = ['approve', 'short', 'bare', 'older', 'unapprove', 'hold', 'retry', 'chat', 'quoted'] as const;
export const CODEOWNERS = ['as before', 'omar alone', 'wendy', 'nobody', 'a faulty line'] as const;
export const CONFIGS = ['as before', 'night window', 'propose', 'faulty'] as const;
/** Where a pull request's branch is taken: to content of one's own, or to somewhere without any. */
export const PUSHES = ['value', 'value for another', 'beside', 'link', 'renamed', 'back', 'base', 'base with more'] as const;

/** One thing that somebody does. Numbers are taken modulo what there is: pull requests, comments, heads. */
export type Act =
  | { readonly do: 'say'; readonly who: Who; readonly words: (typeof WORDS)[number]; readonly pull: number }
  | { readonly do: 'edit'; readonly who: Who; readonly comment: number; readonly into: 'approve' | 'chat' }
  | { readonly do: 'delete'; readonly who: Who; readonly comment: number }
  | { readonly do: 'push'; readonly who: Who; readonly pull: number; readonly what: (typeof PUSHES)[number] }
  | { readonly do: 'team'; readonly who: Who }
  | { readonly do: 'codeowners'; readonly to: (typeof CODEOWNERS)[number] }
  | { readonly do: 'config'; readonly to: (typeof CONFIGS)[number] }
  | { readonly do: 'base'; readonly who: Who; readonly what: 'notes' | 'job' | 'record' }
  | { readonly do: 'open'; readonly who: Who; readonly what: 'value' | 'forged record' }
  | { readonly do: 'merge'; readonly who: Who; readonly pull: number; readonly how: 'merge' | 'squash' | 'rebase' }
  | { readonly do: 'retarget'; readonly who: Who; readonly pull: number }
  | { readonly do: 'workflow'; readonly what: 'approve' | 'edit' | 'check' | 'merge' | 'push'; readonly pull: number }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'deliver'; readonly which: number; readonly twice: boolean }
  /** Everything that was told reaches the App, in its order. */
  | { readonly do: 'settle' }
  | { readonly do: 'lose'; readonly which: number }
  | { readonly do: 'wake' }
  | { readonly do: 'crash'; readonly side: 'app' | 'action' | 'workspace'; readonly after: number; readonly took: boolean };

const who = fc.constantFrom(...PEOPLE);
const owner = fc.constantFrom<Who>('olga', 'olga', 'pat', 'omar', 'wendy');
const pull = fc.nat(3);
const some = fc.nat(20);

const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('say' as const), who: owner, words: fc.constantFrom(...WORDS), pull }) },
  {
    weight: 7,
    arbitrary: fc.record({ do: fc.constant('say' as const), who: owner, words: fc.constant('approve' as const), pull }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('deliver' as const), which: some, twice: fc.boolean() }) },
  { weight: 6, arbitrary: fc.constant({ do: 'wake' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), who, pull, what: fc.constantFrom(...PUSHES) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('edit' as const), who, comment: some, into: fc.constantFrom('approve', 'chat') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), who, comment: some }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('team' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('codeowners' as const), to: fc.constantFrom(...CODEOWNERS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('config' as const), to: fc.constantFrom(...CONFIGS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('base' as const), who, what: fc.constantFrom('notes', 'job', 'record') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), who, what: fc.constantFrom('value', 'forged record') }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('merge' as const), who, pull, how: fc.constantFrom('merge', 'squash', 'rebase') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retarget' as const), who, pull }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('workflow' as const),
      what: fc.constantFrom('approve', 'edit', 'check', 'merge', 'push'),
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

const says = (who: Who, words: (typeof WORDS)[number], pull: number): Act => ({ do: 'say', who, words, pull });
const opens = (who: Who): Act => ({ do: 'open', who, what: 'value' });
const pushes = (who: Who, pull: number, what: (typeof PUSHES)[number]): Act => ({ do: 'push', who, pull, what });
const merges = (pull: number, how: 'merge' | 'squash' = 'merge'): Act => ({ do: 'merge', who: 'omar', pull, how });
const settle: Act = { do: 'settle' };
const wake: Act = { do: 'wake' };

/** Stories that would go through, and stories that one rule alone holds back. Pull request 0 is Sluice's own, 1 the first that a person opens. */
const STORIES: readonly (readonly Act[])[] = [
  [says('olga', 'approve', 0), settle, wake],
  [says('pat', 'bare', 0), settle, wake],
  [says('olga', 'approve', 0), pushes('mallory', 0, 'base'), settle, wake],
  [says('wendy', 'approve', 0), settle, merges(0), wake],
  [says('olga', 'approve', 0), says('olga', 'unapprove', 0), settle, merges(0), wake],
  [says('olga', 'approve', 0), says('mallory', 'hold', 0), settle, merges(0), wake],
  [pushes('olga', 0, 'beside'), says('olga', 'approve', 0), settle, merges(0), wake],
  [says('olga', 'chat', 0), { do: 'edit', who: 'mallory', comment: 0, into: 'approve' }, settle, merges(0), wake],
  [opens('wendy'), says('olga', 'approve', 1), settle, merges(1), wake],
  [opens('olga'), says('pat', 'short', 1), settle, merges(1, 'squash'), wake],
  [opens('olga'), says('olga', 'approve', 1), settle, merges(1), wake],
  [opens('wendy'), says('olga', 'approve', 1), pushes('wendy', 1, 'value'), merges(1), wake],
  [opens('wendy'), pushes('wendy', 1, 'value'), says('olga', 'older', 1), merges(1), wake],
  [opens('wendy'), pushes('olga', 1, 'value for another'), says('olga', 'approve', 1), merges(1), wake],
  [
    opens('wendy'),
    says('olga', 'approve', 1),
    says('olga', 'chat', 1),
    { do: 'delete', who: 'mallory', comment: 1 },
    merges(1),
    wake,
  ],
  [opens('wendy'), says('olga', 'approve', 1), { do: 'codeowners', to: 'omar alone' }, merges(1), wake],
  [opens('wendy'), says('pat', 'approve', 1), { do: 'team', who: 'pat' }, merges(1), wake],
  [opens('wendy'), says('olga', 'approve', 1), merges(1), { do: 'config', to: 'propose' }, wake],
  [
    { do: 'config', to: 'night window' },
    opens('wendy'),
    says('olga', 'approve', 1),
    merges(1),
    { do: 'pass', minutes: 700 },
    wake,
  ],
  [opens('wendy'), says('olga', 'approve', 1), merges(1), { do: 'pass', minutes: 5000 }, wake],
  [{ do: 'base', who: 'mallory', what: 'job' }, wake],
  [{ do: 'base', who: 'mallory', what: 'record' }, wake],
];

/** A story with up to eight things in it that nobody had foreseen. */
export const anOrder: fc.Arbitrary<readonly Act[]> = fc
  .record({
    story: fc.constantFrom(...STORIES),
    others: fc.array(fc.record({ at: fc.nat(9), act: anAct }), { maxLength: 8 }),
  })
  .map(({ story, others }) =>
    others.reduce<readonly Act[]>((acts, { at, act }) => acts.toSpliced(at % (acts.length + 1), 0, act), story),
  );
