import type { Runbook } from '../../model/runbook.ts';
import { expressionsOver } from '../expression.ts';
import type { RunbookFault } from '../runbook-check.ts';
import { runbookVocabulary } from '../runbook-vocabulary.ts';
import { closedLint } from './closed.ts';
import { queryLint } from './queries.ts';
import { effectLint } from './remedies.ts';
import { reachLint, ruleLint } from './rules.ts';

/**
 * What is sound and yet of no use: queries that no Prometheus answers, rules and remedies that can never be reached, remedies that do
 * nothing. `sluice check` tells it; at run time such a runbook still does what is left of it.
 */
export function lintRunbook(runbook: Runbook): readonly RunbookFault[] {
  const expressions = expressionsOver(runbookVocabulary(runbook));
  return [
    ...queryLint(runbook),
    ...closedLint(runbook),
    ...ruleLint(runbook, expressions),
    ...reachLint(runbook, expressions),
    ...effectLint(runbook, expressions),
  ];
}
