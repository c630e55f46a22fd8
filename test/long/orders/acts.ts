/** olga owns the job files by name, pat by team, omar everything else and is an admin; wendy and mallory may write and own nothing. */
export const PEOPLE = ['olga', 'pat', 'omar', 'wendy', 'mallory'] as const;
export type Who = (typeof PEOPLE)[number];

export const WORDS = ['approve', 'short', 'bare', 'older', 'unapprove', 'hold', 'retry', 'chat', 'quoted'] as const;
/** An approval that breaks the glass, of the head, by its first digits, of an older head, with a reason that says nothing, and with none. */
export const GLASS = ['glass', 'short glass', 'older glass', 'glass for nothing', 'glass without a word'] as const;
export const CODEOWNERS = ['as before', 'omar alone', 'wendy', 'nobody', 'a faulty line'] as const;
export const CONFIGS = [
  'as before',
  'night window',
  'freeze',
  'propose',
  'faulty',
  'glass',
  'glass at night',
  'glass in a freeze',
  'glass of others in a freeze',
  'glass to propose',
] as const;
/** Where a pull request's branch is taken: to content of one's own, or to somewhere without any. */
export const PUSHES = [
  'value',
  'value for another',
  'beside',
  'owners',
  'link',
  'renamed',
  'back',
  'base',
  'base with more',
] as const;
/** A job's new value, the same with a record, white space at the end of the same file, or the file that says who owns it. */
export const OPENS = ['value', 'forged record', 'space', 'owners'] as const;
/** No queue; one that asks for our App's check, in each way to merge; one that takes a check of our name from anybody. */
export const QUEUES = ['none', 'merge', 'squash', 'rebase', 'by name'] as const;
export type Queue = (typeof QUEUES)[number];

/** One thing that somebody does. Numbers are taken modulo what there is: pull requests, comments, heads. */
export type Act =
  | {
      readonly do: 'say';
      readonly who: Who;
      readonly words: (typeof WORDS)[number] | (typeof GLASS)[number];
      readonly pull: number;
    }
  | { readonly do: 'edit'; readonly who: Who; readonly comment: number; readonly into: 'approve' | 'glass' | 'chat' }
  | { readonly do: 'delete'; readonly who: Who; readonly comment: number }
  | { readonly do: 'push'; readonly who: Who; readonly pull: number; readonly what: (typeof PUSHES)[number] }
  | { readonly do: 'team'; readonly who: Who }
  | { readonly do: 'codeowners'; readonly to: (typeof CODEOWNERS)[number] }
  | { readonly do: 'config'; readonly to: (typeof CONFIGS)[number] }
  | { readonly do: 'base'; readonly who: Who; readonly what: 'notes' | 'job' | 'record' }
  | { readonly do: 'open'; readonly who: Who; readonly what: (typeof OPENS)[number] }
  /** Around the merge queue, where there is one and the person may. */
  | { readonly do: 'merge'; readonly who: Who; readonly pull: number; readonly how: 'merge' | 'squash' | 'rebase' }
  | { readonly do: 'enqueue' | 'dequeue'; readonly who: Who; readonly pull: number }
  /** The foreign check that the queue asks for ends: on heads, or on what the queue made of them. */
  | { readonly do: 'build'; readonly of: number | 'every one'; readonly on: 'head' | 'group'; readonly green: boolean }
  | { readonly do: 'retarget'; readonly who: Who; readonly pull: number }
  | {
      readonly do: 'workflow';
      readonly what: 'approve' | 'edit' | 'check' | 'group check' | 'merge' | 'push';
      readonly pull: number;
    }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'deliver'; readonly which: number; readonly twice: boolean }
  /** Everything that was told reaches the App, in its order. */
  | { readonly do: 'settle' }
  | { readonly do: 'lose'; readonly which: number }
  | { readonly do: 'wake' }
  | { readonly do: 'crash'; readonly side: 'app' | 'action' | 'workspace'; readonly after: number; readonly took: boolean };

export interface Start {
  readonly config: (typeof CONFIGS)[number];
  readonly codeowners: (typeof CODEOWNERS)[number];
}

export const AS_BEFORE: Start = { config: 'as before', codeowners: 'as before' };

/** What happens in one repository; whether it has a merge queue on main nobody changes. */
export interface Order {
  readonly queue: Queue;
  /** What the repository was made with; nobody pushed it. */
  readonly start: Start;
  readonly acts: readonly Act[];
}
