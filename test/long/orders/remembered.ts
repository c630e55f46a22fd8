import type { Order } from './acts.ts';

/** Orders in which something once went through that should not have. */
export const REMEMBERED: readonly Order[] = [
  // Main had changed a file of the change: git mixed both, and the App merged what nobody had seen.
  {
    queue: 'none',
    acts: [
      { do: 'open', who: 'mallory', what: 'space' },
      { do: 'config', to: 'glass in a freeze' },
      { do: 'workflow', what: 'merge', pull: 1 },
      { do: 'say', who: 'omar', words: 'glass', pull: 0 },
      { do: 'wake' },
      { do: 'say', who: 'wendy', words: 'glass', pull: 0 },
      { do: 'settle' },
      { do: 'deliver', which: 19, twice: true },
      { do: 'wake' },
      { do: 'say', who: 'pat', words: 'quoted', pull: 2 },
    ],
  },
];
