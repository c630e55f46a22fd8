import type { DiagnoseRule, Remedy, Runbook } from '../../model/runbook.ts';
import type { Expressions } from '../expression.ts';
import type { RunbookFault } from '../runbook-check.ts';
import { type Condition, readCondition } from './condition.ts';

type Path = RunbookFault['path'];

interface Read {
  readonly rule: DiagnoseRule;
  readonly path: Path;
  readonly condition: Condition;
}

/** Rules that can never be told, and those that always are. Only what can be proven without a fact is said. */
export function ruleLint({ diagnose }: Pick<Runbook, 'diagnose'>, expressions: Expressions): readonly RunbookFault[] {
  const read = diagnose.flatMap((rule, index): readonly Read[] => {
    const condition = readCondition(rule.when, expressions);
    return condition ? [{ rule, condition, path: ['diagnose', index, 'when'] }] : [];
  });
  return read.flatMap((one, index) => {
    const alone = aloneFaults(one.condition, one.path, `rule ${one.rule.id}`);
    return alone.length > 0 ? alone : besideFaults(one, read, index);
  });
}

/** Conditions of remedies that never hold, and remedies behind an answer that always comes first. */
export function reachLint({ remedies, conflicts }: Runbook, expressions: Expressions): readonly RunbookFault[] {
  return remedies.flatMap((remedy, index) => {
    const condition = remedy.when === null ? null : readCondition(remedy.when, expressions);
    const never = condition ? aloneFaults(condition, ['remedies', index, 'when'], `remedy ${remedy.id}`) : [];
    return never.length > 0 ? never : behindFaults(remedy, index, remedies, new Set(conflicts.map(({ forbids }) => forbids)));
  });
}

function aloneFaults({ always, contradiction }: Condition, path: Path, what: string): readonly RunbookFault[] {
  if (always === false)
    return [
      {
        path,
        message: `${what} can never hold: its condition is always false`,
        fix: 'Take it out, or mend what makes it false.',
      },
    ];
  if (always === true)
    return [
      { path, message: `${what} always holds: its condition names no fact that decides`, fix: 'Compare a signal or a setting.' },
    ];
  if (contradiction === null) return [];
  const [one, other] = contradiction;
  return [
    {
      path,
      message: `${what} can never hold: ${one} excludes ${other}`,
      fix: 'Take one of the two out, or write || between them.',
    },
  ];
}

/** A healthy rule wins over every cause, so a cause that holds only where a healthy rule does is never told. */
function besideFaults({ rule, condition, path }: Read, all: readonly Read[], index: number): readonly RunbookFault[] {
  const same = all.slice(0, index).find((other) => other.condition.text === condition.text);
  if (same) {
    const message = `rule ${rule.id} has the same condition as ${same.rule.id}`;
    return [{ path, message, fix: 'Take one of the two out, or tell them apart.' }];
  }
  const winner = all.find(
    (other) => other.rule.outcome === 'healthy' && rule.outcome !== 'healthy' && within(other.condition, condition),
  );
  if (!winner) return [];
  const message = `rule ${rule.id} is never told: wherever it holds, the healthy rule ${winner.rule.id} holds too and wins`;
  return [{ path, message, fix: 'Say in one of the two what the other excludes.' }];
}

/** Whether all of one condition's parts are parts of the other: then it holds wherever the other does. */
function within(one: Condition, other: Condition): boolean {
  return one.parts.every((part) => other.parts.includes(part));
}

/** Advice without a condition always fits: what comes after it for the same causes is never the plan. */
function behindFaults(
  remedy: Remedy,
  index: number,
  remedies: readonly Remedy[],
  forbidden: ReadonlySet<string>,
): readonly RunbookFault[] {
  const answers = remedies
    .slice(0, index)
    .filter(({ id, when, step }) => step.do === 'advice' && step.value === undefined && when === null && !forbidden.has(id));
  const first = remedy.causes.map((cause) => answers.find(({ causes }) => causes.includes(cause)));
  if (first.length === 0 || first.includes(undefined)) return [];
  const ids = [...new Set(first.flatMap((one) => one?.id ?? []))].join(', ');
  const message = `remedy ${remedy.id} is never chosen: ${ids} always fits and comes first`;
  return [{ path: ['remedies', index, 'id'], message, fix: `Put it above ${ids}, or give ${ids} a condition.` }];
}
