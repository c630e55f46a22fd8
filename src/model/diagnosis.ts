export type DiagnosisOutcome = 'healthy' | 'inconclusive' | 'likely' | 'confirmed';

/** One explanation that a runbook's rule found true, with the values it compared. */
export interface Cause {
  readonly id: string;
  readonly outcome: 'likely' | 'confirmed' | 'healthy';
  readonly explanation: string;
  /** The rule's condition as written, and the values of the signals in it. */
  readonly rule: string;
  readonly observed: Readonly<Record<string, number | string | boolean | null>>;
  readonly evidence: readonly string[];
}

/** A rule that neither holds nor can be dismissed: each name that it touches and nobody knows, and why. */
export interface BlockedRule {
  readonly rule: string;
  readonly unknown: readonly { readonly name: string; readonly why: string }[];
}

export interface Diagnosis {
  readonly runbook: string | null;
  readonly outcome: DiagnosisOutcome;
  readonly causes: readonly Cause[];
  /** Names of signals that were asked for and could not be read as numbers. */
  readonly unknown: readonly string[];
}
