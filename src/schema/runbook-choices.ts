import type { RunbookData } from './runbook-shape.ts';

/** A choice that was not made exactly once; `path` leads to the place in the front matter. */
export interface ChoiceFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

/** Fields that exclude or need each other: one step a remedy, one source a check, a value with each edit, a step with each range. */
export function choiceFaults(data: RunbookData): readonly ChoiceFault[] {
  return [
    ...Object.entries(data.signals).flatMap(([name, signal]) => signalChoices(name, signal)),
    ...data.remedies.flatMap((remedy, index) => remedyChoices(remedy, ['remedies', index])),
    ...data.verify.checks.flatMap((check, index) => {
      const count = given(check.prometheus, check.databricks, check.spark);
      const message = `${check.name} has ${count} sources`;
      return count === 1
        ? []
        : [{ path: ['verify', 'checks', index], message, fix: 'Give one of prometheus, databricks, spark.' }];
    }),
  ];
}

function signalChoices(name: string, signal: RunbookData['signals'][string]): readonly ChoiceFault[] {
  if (!('prometheus' in signal)) return [];
  const path = ['signals', name, 'prometheus'];
  if (Object.keys(signal.prometheus).length === 0) {
    return [{ path, message: `${name} has no query`, fix: 'Give one query for each exporter variant.' }];
  }
  if (given(signal.range, signal.step) !== 1) return [];
  const [there, gone] = signal.range === undefined ? (['step', 'range'] as const) : (['range', 'step'] as const);
  return [
    {
      path: ['signals', name, there],
      message: `${name} has a ${there} without a ${gone}`,
      fix: 'Give range and step together, or neither for the value of now.',
    },
  ];
}

function remedyChoices(remedy: RunbookData['remedies'][number], path: ChoiceFault['path']): readonly ChoiceFault[] {
  const steps = given(remedy.edit, remedy.repair, remedy.advice);
  return [
    ...(steps === 1
      ? []
      : [{ path, message: `${remedy.id} has ${steps} steps`, fix: 'Give exactly one of edit, repair and advice.' }]),
    ...(remedy.advice === undefined ? editChoices(remedy, path) : adviceChoices(remedy, remedy.advice, path)),
  ];
}

function editChoices(remedy: RunbookData['remedies'][number], path: ChoiceFault['path']): readonly ChoiceFault[] {
  if (given(remedy.edit, remedy.value) !== 1) return [];
  const [there, message] = remedy.edit === undefined ? ['value', 'a value without an edit'] : ['edit', 'an edit without a value'];
  return [{ path: [...path, there], message: `${remedy.id} has ${message}`, fix: 'Give edit and value together.' }];
}

/** A number that the words do not show, or a place for one that nothing computes. */
function adviceChoices(
  { id, value }: RunbookData['remedies'][number],
  { what }: NonNullable<RunbookData['remedies'][number]['advice']>,
  path: ChoiceFault['path'],
): readonly ChoiceFault[] {
  const shown = what.includes('{value}');
  if (shown === (value !== undefined)) return [];
  const fix = 'Give value and write {value} in what, or neither.';
  return shown
    ? [{ path: [...path, 'advice', 'what'], message: `${id} shows a {value} that it does not compute`, fix }]
    : [{ path: [...path, 'value'], message: `${id} computes a value that its advice does not show`, fix }];
}

function given(...fields: readonly unknown[]): number {
  return fields.filter((field) => field !== undefined).length;
}
