export interface FaultRule {
  readonly match: { readonly method?: string; readonly path?: RegExp; readonly actor?: string };
  /** How many matching requests pass first. */
  readonly after?: number;
  /** How many are hit; every one when absent. */
  readonly times?: number;
  readonly respond?: { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
  /** The request is done and its answer lost: the connection breaks. */
  readonly dropAfterWrite?: boolean;
  readonly delayMs?: number;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  next(method: string, path: string, actor: string): FaultRule | null;
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; seen: number }[] = [];
  return {
    add: (rule) => void rules.push({ rule, seen: 0 }),
    clear: () => {
      rules = [];
    },
    next: (method, path, actor) => {
      for (const entry of rules) {
        const { match, after = 0, times = Number.POSITIVE_INFINITY } = entry.rule;
        if (match.method !== undefined && match.method !== method) continue;
        if (match.path !== undefined && !match.path.test(path)) continue;
        if (match.actor !== undefined && match.actor !== actor) continue;
        entry.seen += 1;
        if (entry.seen > after && entry.seen <= after + times) return entry.rule;
      }
      return null;
    },
  };
}
