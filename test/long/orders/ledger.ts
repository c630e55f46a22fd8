/** What somebody said on a pull request, as it was when they said it. */
export interface Said {
  readonly id: number;
  readonly pull: number;
  readonly who: string;
  readonly body: string;
  readonly at: number;
  readonly turn: number;
  edited: boolean;
  /** The turn in which somebody deleted it. */
  deleted: number | null;
}

export interface Merge {
  readonly pull: number;
  readonly head: string;
  readonly merge: string;
}

/** What the queue made of a pull request, on top of its parent. */
export interface Group {
  readonly pull: number;
  readonly parent: string;
  readonly commit: string;
  readonly ref: string;
}

/** What really happened, kept by whoever made it happen; nothing in it was read from an answer of the code under test. */
export interface Ledger {
  turn: number;
  readonly said: Said[];
  /** Who opened each pull request, and from which branch. */
  readonly pulls: Map<number, { readonly author: string; readonly branch: string; readonly first: string }>;
  /** Who made each commit, whatever its author field says. */
  readonly makers: Map<string, string>;
  readonly merges: Merge[];
  /** Who put each pull request into the queue last. */
  readonly entered: Map<number, string>;
  /** By their commits, those that are gone too. */
  readonly groups: Map<string, Group>;
}

export function pullOf({ pulls }: Ledger, index: number): number {
  const numbers = [...pulls.keys()];
  return numbers[index % numbers.length] ?? 2;
}

export function commentOf({ said }: Ledger, index: number): Said | undefined {
  return said[index % Math.max(1, said.length)];
}
