/** Something that goes wrong on demand: at the n-th matching call (1 is the next one), for `times` calls. */
export interface FaultRule {
  readonly fault:
    | { readonly kind: 'too_many'; readonly retryAfter?: number }
    | { readonly kind: 'unavailable' }
    | { readonly kind: 'delay'; readonly milliseconds: number }
    | { readonly kind: 'accepted_then_broken' }
    | { readonly kind: 'numeric_code'; readonly status: number }
    | { readonly kind: 'not_json'; readonly status: number; readonly text: string };
  readonly method?: string;
  /** The path must contain this text. */
  readonly path?: string;
  readonly atCall?: number;
  readonly times?: number;
}

export type Fault = FaultRule['fault'];

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault of this call, if any; counts the call against every rule that it matches. */
  next(method: string, path: string): Fault | null;
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; seen: number }[] = [];
  return {
    add: (rule) => void rules.push({ rule, seen: 0 }),
    clear: () => {
      rules = [];
    },
    next: (method, path) => {
      let found: Fault | null = null;
      for (const entry of rules) {
        const { rule } = entry;
        if ((rule.method ?? method) !== method || !path.includes(rule.path ?? '')) continue;
        entry.seen += 1;
        const first = rule.atCall ?? 1;
        if (entry.seen >= first && entry.seen < first + (rule.times ?? 1)) found ??= rule.fault;
      }
      return found;
    },
  };
}
