import type { Act, CODEOWNERS, CONFIGS, GLASS, OPENS, PUSHES, Who, WORDS } from './acts.ts';

const says = (who: Who, words: (typeof WORDS)[number] | (typeof GLASS)[number], pull: number): Act => ({
  do: 'say',
  who,
  words,
  pull,
});
const opens = (who: Who, what: (typeof OPENS)[number] = 'value'): Act => ({ do: 'open', who, what });
const pushes = (who: Who, pull: number, what: (typeof PUSHES)[number]): Act => ({ do: 'push', who, pull, what });
const merges = (pull: number, how: 'merge' | 'squash' = 'merge'): Act => ({ do: 'merge', who: 'omar', pull, how });
const enqueues = (who: Who, pull: number): Act => ({ do: 'enqueue', who, pull });
const builds = (on: 'head' | 'group', green = true): Act => ({ do: 'build', of: 'every one', on, green });
const config = (to: (typeof CONFIGS)[number]): Act => ({ do: 'config', to });
const codeowners = (to: (typeof CODEOWNERS)[number]): Act => ({ do: 'codeowners', to });
const passes = (minutes: number): Act => ({ do: 'pass', minutes });
const settle: Act = { do: 'settle' };
const wake: Act = { do: 'wake' };

/** Pull request 0 is Sluice's own, 1 the first that a person opens. */
const BY_OWNERS: readonly (readonly Act[])[] = [
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
  [opens('wendy'), says('olga', 'approve', 1), codeowners('omar alone'), merges(1), wake],
  [opens('wendy'), says('pat', 'approve', 1), { do: 'team', who: 'pat' }, merges(1), wake],
  [opens('wendy'), says('olga', 'approve', 1), merges(1), config('propose'), wake],
  [config('night window'), opens('wendy'), says('olga', 'approve', 1), merges(1), passes(700), wake],
  [opens('wendy'), says('olga', 'approve', 1), merges(1), passes(5000), wake],
  [opens('mallory'), pushes('mallory', 1, 'owners'), says('olga', 'approve', 1), merges(1), wake],
  [{ do: 'base', who: 'mallory', what: 'job' }, wake],
  [{ do: 'base', who: 'mallory', what: 'record' }, wake],
];

const two = (pull: number): readonly Act[] => [says('omar', 'glass', pull), says('wendy', 'glass', pull)];
const frozen = config('glass in a freeze');

/** omar and wendy are named. The first five go through. */
const ON_GLASS: readonly (readonly Act[])[] = [
  [frozen, ...two(0), settle, wake],
  [frozen, opens('mallory'), ...two(1), settle, merges(1), wake],
  [config('glass at night'), passes(700), says('olga', 'approve', 0), ...two(0), settle, wake],
  [config('glass'), codeowners('nobody'), says('omar', 'short glass', 0), says('wendy', 'glass', 0), settle, wake],
  [config('glass'), opens('mallory'), ...two(1), codeowners('a faulty line'), merges(1), wake],
  [frozen, says('omar', 'glass', 0), settle, merges(0), wake],
  [frozen, says('omar', 'glass', 0), says('omar', 'glass', 0), settle, merges(0), wake],
  [frozen, says('omar', 'glass', 0), says('olga', 'glass', 0), says('mallory', 'glass', 0), settle, merges(0), wake],
  [frozen, says('omar', 'glass', 0), says('wendy', 'approve', 0), settle, merges(0), wake],
  [frozen, says('omar', 'glass', 0), says('wendy', 'glass for nothing', 0), settle, merges(0), wake],
  [frozen, says('omar', 'glass', 0), says('wendy', 'glass without a word', 0), settle, merges(0), wake],
  [frozen, ...two(0), says('mallory', 'hold', 0), settle, merges(0), wake],
  [frozen, ...two(0), says('wendy', 'unapprove', 0), settle, merges(0), wake],
  [frozen, opens('wendy'), ...two(1), settle, merges(1), wake],
  [frozen, opens('mallory'), ...two(1), pushes('mallory', 1, 'value'), merges(1), wake],
  [
    frozen,
    opens('mallory'),
    pushes('mallory', 1, 'value'),
    says('omar', 'older glass', 1),
    says('wendy', 'glass', 1),
    merges(1),
    wake,
  ],
  [frozen, opens('mallory'), ...two(1), pushes('omar', 1, 'value'), ...two(1), merges(1), wake],
  [frozen, opens('mallory'), ...two(1), merges(1), config('glass of others in a freeze'), wake],
  [config('glass of others in a freeze'), opens('pat'), ...two(1), merges(1), frozen, wake],
  [frozen, opens('mallory'), ...two(1), merges(1), config('freeze'), wake],
  [frozen, opens('mallory'), ...two(1), merges(1), passes(5000), wake],
  [frozen, opens('mallory'), pushes('mallory', 1, 'owners'), ...two(1), merges(1), wake],
  [config('glass to propose'), ...two(0), settle, merges(0), wake],
  [config('freeze'), says('olga', 'approve', 0), ...two(0), settle, merges(0), wake],
];

/** Stories that would go through, and stories that one rule alone holds back. */
export const STORIES: readonly (readonly Act[])[] = [...BY_OWNERS, ...ON_GLASS];

const queued: readonly Act[] = [builds('head'), settle];
const merged: readonly Act[] = [builds('group'), settle, wake];
const approved: readonly Act[] = [says('olga', 'approve', 0), ...queued];
const persons: readonly Act[] = [opens('wendy'), says('olga', 'approve', 1), ...queued, enqueues('omar', 1), settle];

/** Where main has a merge queue. */
export const QUEUE_STORIES: readonly (readonly Act[])[] = [
  [...approved, ...merged],
  [...persons, ...merged],
  [frozen, ...two(0), ...queued, ...merged],
  [...approved, says('olga', 'unapprove', 0), settle, ...merged],
  [...approved, says('mallory', 'hold', 0), settle, ...merged],
  [...approved, says('olga', 'unapprove', 0), ...merged],
  [...approved, { do: 'dequeue', who: 'mallory', pull: 0 }, settle, ...merged],
  [...approved, merges(0), ...merged],
  [...approved, builds('group', false), settle, ...merged],
  [...approved, pushes('mallory', 0, 'value'), settle, ...merged],
  [...persons, pushes('wendy', 1, 'value'), ...merged],
  [...persons, { do: 'workflow', what: 'group check', pull: 1 }, says('olga', 'unapprove', 1), ...merged],
  [
    opens('wendy'),
    ...queued,
    says('olga', 'approve', 1),
    settle,
    enqueues('omar', 1),
    says('olga', 'unapprove', 1),
    settle,
    ...merged,
  ],
  [...persons, { do: 'base', who: 'omar', what: 'notes' }, settle, ...merged],
  [...persons, { do: 'base', who: 'omar', what: 'job' }, settle, ...merged],
  [frozen, ...two(0), ...queued, says('wendy', 'unapprove', 0), settle, ...merged],
  [frozen, says('omar', 'glass', 0), ...queued, enqueues('omar', 0), settle, ...merged],
  // The one below changes the same file, or who owns it.
  [
    opens('wendy', 'space'),
    says('olga', 'approve', 1),
    ...queued,
    enqueues('omar', 1),
    settle,
    says('olga', 'approve', 0),
    settle,
    ...merged,
  ],
  [
    opens('mallory', 'owners'),
    says('omar', 'approve', 1),
    ...queued,
    enqueues('omar', 1),
    settle,
    says('olga', 'approve', 0),
    settle,
    ...merged,
  ],
];
