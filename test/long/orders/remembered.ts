import { AS_BEFORE, type Order } from './acts.ts';

/** Orders in which something once went through that should not have. */
export const REMEMBERED: readonly Order[] = [
  // Main had changed a file of the change: git mixed both, and the App merged what nobody had seen.
  {
    queue: 'none',
    start: { ...AS_BEFORE, config: 'glass in a freeze' },
    acts: [
      { do: 'open', who: 'mallory', what: 'space' },
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
  // In a mode that merges nothing a person's own merge through the queue is theirs: what was approved may go.
  {
    queue: 'merge',
    start: { ...AS_BEFORE, config: 'propose' },
    acts: [
      { do: 'open', who: 'wendy', what: 'value' },
      { do: 'say', who: 'olga', words: 'approve', pull: 1 },
      { do: 'build', of: 'every one', on: 'head', green: true },
      { do: 'settle' },
      { do: 'enqueue', who: 'omar', pull: 1 },
      { do: 'settle' },
      { do: 'base', who: 'omar', what: 'notes' },
      { do: 'settle' },
      { do: 'build', of: 'every one', on: 'group', green: true },
      { do: 'settle' },
      { do: 'wake' },
    ],
  },
  // What the App put there itself does not pass once the policy only proposes.
  {
    queue: 'merge',
    start: AS_BEFORE,
    acts: [
      { do: 'say', who: 'olga', words: 'approve', pull: 0 },
      { do: 'build', of: 'every one', on: 'head', green: true },
      { do: 'settle' },
      { do: 'config', to: 'propose' },
      { do: 'settle' },
      { do: 'build', of: 'every one', on: 'group', green: true },
      { do: 'settle' },
      { do: 'wake' },
    ],
  },
];
