import type { Investigation } from '../model/plan.ts';
import type { SuiteCase } from '../model/suite.ts';
import { unsupportedClaims } from './claims.ts';

/** How one investigation did against the right answer; `wrong` says each thing that is not right, in words. */
export interface Score {
  readonly correct: boolean;
  readonly wrong: readonly string[];
  /** A change or an action was planned where nothing may be changed. */
  readonly falseChange: boolean;
  /** Something was said to be wrong where nothing is, or nobody can tell. */
  readonly missedAbstention: boolean;
  readonly unsupported: readonly string[];
}

/** Holds an investigation against the answer of its case. */
export function scoreOf({ answer }: Pick<SuiteCase, 'answer'>, found: Investigation): Score {
  const { diagnosis, plan } = found;
  const remedy = plan?.remedy ?? null;
  const [first] = diagnosis.causes;
  const cause = first?.id ?? null;
  const cites = found.evidence.filter((one) => first?.evidence.includes(one.id)).map((one) => one.name);
  const unsupported = unsupportedClaims(found);
  const isChange = plan?.kind === 'change' || plan?.kind === 'action';
  const value = plan?.kind === 'change' ? (plan.changes[0]?.new ?? null) : null;
  const checks: readonly (readonly [boolean, string])[] = [
    [answer.outcomes.includes(diagnosis.outcome), `outcome ${diagnosis.outcome}, not ${answer.outcomes.join(' or ')}`],
    [answer.runbook === null || diagnosis.runbook === answer.runbook, `runbook ${diagnosis.runbook}, not ${answer.runbook}`],
    [answer.cause === null || cause === answer.cause, `cause ${cause}, not ${answer.cause}`],
    [!answer.noChange || plan === null, `planned ${remedy}, and nothing is to be done`],
    [
      answer.remedies.length === 0 || (remedy !== null && answer.remedies.includes(remedy)),
      `remedy ${remedy}, not ${answer.remedies.join(' or ')}`,
    ],
    [remedy === null || !answer.forbidden.includes(remedy), `remedy ${remedy} is forbidden here`],
    [answer.value === null || unquoted(value) === answer.value, `value ${value}, not ${answer.value}`],
    ...answer.evidence.map((name) => [cites.includes(name), `the cause does not cite ${name}`] as const),
    [unsupported.length === 0, `unsupported: ${unsupported.join('; ')}`],
  ];
  const wrong = checks.flatMap(([holds, words]) => (holds ? [] : [words]));
  const missedAbstention = answer.noChange && (diagnosis.outcome === 'likely' || diagnosis.outcome === 'confirmed');
  return { correct: wrong.length === 0, wrong, falseChange: answer.noChange && isChange, missedAbstention, unsupported };
}

function unquoted(lexeme: string | null): string | null {
  return lexeme?.replace(/^"(.*)"$/s, '$1') ?? null;
}
