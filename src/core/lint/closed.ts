import type { Runbook } from '../../model/runbook.ts';
import { KIND_SYMPTOM } from '../error-kind.ts';
import { nearest } from '../nearest.ts';
import type { RunbookFault } from '../runbook-check.ts';
import { factMeaning } from '../runbook-vocabulary.ts';

/** Texts that a fact of a closed list never is: such a comparison, or symptom, never holds. */
export function closedLint(runbook: Runbook): readonly RunbookFault[] {
  return [...comparisons(runbook), ...kindSymptoms(runbook)];
}

function comparisons({ signals, diagnose, remedies }: Runbook): readonly RunbookFault[] {
  const closed = signals.flatMap(({ name, query }) => {
    const values = query.from === 'prometheus' ? undefined : factMeaning(query.from, query.fact)?.values;
    return values ? [{ name, values }] : [];
  });
  const conditions = [
    ...diagnose.map(({ when }, index) => ({ when, path: ['diagnose', index, 'when'] })),
    ...remedies.map(({ when }, index) => ({ when: when ?? '', path: ['remedies', index, 'when'] })),
  ];
  return conditions.flatMap(({ when, path }) =>
    closed.flatMap(({ name, values }) =>
      comparedWith(name, when)
        .filter((text) => !values.includes(text))
        .map((text) => neverFault(name, text, values, path)),
    ),
  );
}

/** The texts that a condition compares a name with. */
function comparedWith(name: string, when: string): readonly string[] {
  const compared = when.matchAll(new RegExp(`\\b${name}\\s*[!=]=\\s*["']([^"']*)["']`, 'g'));
  return [...compared].map(([, text = '']) => text);
}

function kindSymptoms({ symptoms }: Runbook): readonly RunbookFault[] {
  const kinds = factMeaning('databricks', 'error_kind')?.values ?? [];
  return symptoms.flatMap((symptom, index) => {
    const text = symptom.slice(KIND_SYMPTOM.length);
    if (!symptom.startsWith(KIND_SYMPTOM) || kinds.includes(text)) return [];
    return [neverFault('error_kind', text, kinds, ['matches', 'symptoms', index])];
  });
}

function neverFault(name: string, text: string, values: readonly string[], path: RunbookFault['path']): RunbookFault {
  const near = nearest(text, values);
  return {
    path,
    message: `${name} is never ${text}`,
    fix: near ? `Did you mean ${near}?` : `Write one of ${values.join(', ')}.`,
  };
}
