import type { Risk } from './config.ts';
import type { VerificationCheck } from './verification.ts';

/** A PromQL signal has one query per exporter variant; the first that answers with data is used. */
export type SignalQuery =
  | {
      readonly from: 'prometheus';
      readonly variants: Readonly<Record<string, string>>;
      readonly range: string | null;
      readonly step: string | null;
    }
  | { readonly from: 'databricks' | 'spark'; readonly fact: string };

export interface RunbookSignal {
  readonly name: string;
  readonly query: SignalQuery;
  readonly unit: string;
  /** What it means when the series is absent: nothing can be said, or the thing is gone. */
  readonly absent: 'unknown' | 'healthy';
}

export interface DiagnoseRule {
  readonly id: string;
  /** CEL over the signals' values; a rule that touches an unknown signal does not hold. */
  readonly when: string;
  readonly outcome: 'likely' | 'confirmed' | 'healthy';
  readonly explanation: string;
  /** Rules above it that say more: where one of them holds, this one is not told. */
  readonly unless?: readonly string[];
}

export type RemedyEdit =
  | { readonly surface: 'spark-conf'; readonly key: string }
  | { readonly surface: 'cluster'; readonly field: string }
  | { readonly surface: 'parameter'; readonly name: string }
  | { readonly surface: 'file'; readonly pointer: string };

export type RemedyStep =
  | { readonly do: 'edit'; readonly edit: RemedyEdit /** CEL giving the new value. */; readonly value: string }
  | { readonly do: 'repair' }
  | {
      readonly do: 'advice';
      readonly who: string;
      /** `{value}` in it stands for what `value` gives. */
      readonly what: string;
      /** CEL giving a number for `what`; absent: it has none. */
      readonly value?: string;
    };

export interface Remedy {
  readonly id: string;
  /** The causes (rule ids) it answers. */
  readonly causes: readonly string[];
  /** CEL condition beside the cause; null: always. */
  readonly when: string | null;
  readonly step: RemedyStep;
  readonly risk: Risk;
  readonly impact: string;
  readonly reason: string;
  /** CEL for worker-hours after one run relative to before; null: not computed. */
  readonly cost: string | null;
}

export interface Runbook {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly alertnames: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly symptoms: readonly string[];
  /** Each is filled from the first of `labels` that the alert has (its own name by default), or from the target. */
  readonly parameters: Readonly<
    Record<string, { readonly type: 'string' | 'int64'; readonly from: 'label' | 'target'; readonly labels?: readonly string[] }>
  >;
  readonly signals: readonly RunbookSignal[];
  readonly diagnose: readonly DiagnoseRule[];
  readonly remedies: readonly Remedy[];
  readonly conflicts: readonly { readonly cause: string; readonly forbids: string; readonly why: string }[];
  readonly verify: {
    readonly checks: readonly VerificationCheck[];
    readonly settleMinutes: number;
    readonly withinMinutes: number;
  };
  readonly prose: string;
}

/** A runbook with the blob id of its file, which the change record names. */
export interface RunbookFile {
  readonly runbook: Runbook;
  readonly blob: string;
}
