import type { Remark } from '../../model/thread.ts';
import { colours } from '../colours.ts';
import type { SeenPull } from './people.ts';
import type { Played, Said, Step } from './play.ts';
import type { ScenarioResult } from './run.ts';
import type { Scenario } from './scenarios.ts';
import { terminalText } from './terminal.ts';

/** Tells a play to a person, a line a step; silent for scripts. */
export interface Teller {
  begin(scenario: Scenario): void;
  readonly step: Step;
  end(result: ScenarioResult, played: Played): void;
}

const BAR_WIDTH = 40;

export function storyteller(aloud: boolean): Teller {
  const say = (line: string) => {
    if (aloud) process.stdout.write(`${line}\n`);
  };
  let begun = Date.now();
  return {
    begin(scenario) {
      begun = Date.now();
      say(`\n${colours.bold(scenario.name)}: ${scenario.tells}\n`);
    },
    step(what, detail) {
      const seconds = ((Date.now() - begun) / 1000).toFixed(1).padStart(5);
      say(`${colours.dim(`${seconds} s`)}  ${what}${detail ? colours.dim(`  ${detail}`) : ''}`);
    },
    end(result, played) {
      for (const line of threads(played)) say(line);
      const bars = chart(result);
      if (bars.length > 0) say(colours.bold('Before and after'));
      for (const line of bars) say(line);
      const { calls } = result;
      say(
        `\nGitHub calls: ${calls.github} (App ${calls.app}, Action ${calls.action}); Databricks ${calls.databricks}, Prometheus ${calls.prometheus}; ${result.seconds} s`,
      );
      say(result.ok ? colours.green('ended as declared') : colours.red(`did not end as declared: ${result.missed.join('; ')}`));
    },
  };
}

/** The issue and the pull requests as people read them. The plan stands on two of them and is shown once. */
function threads({ incident, issueThread, pull, pullThread, remarks, rollback, rollbackThread }: Played): readonly string[] {
  return [
    ...(incident
      ? thread(`The issue #${incident.number} (${incident.state}): ${incident.title}`, incident.body, issueThread)
      : []),
    ...(pull ? thread(pullTitle('The pull request', pull), remarks.map(remarkText).join('\n'), pullThread) : []),
    ...(rollback ? thread(pullTitle('The rollback', rollback), '', rollbackThread) : []),
  ];
}

function pullTitle(what: string, { number, merged, state, title }: SeenPull): string {
  return `${what} #${number} (${merged ? 'merged' : state}): ${title}`;
}

function remarkText({ path, line, body }: Remark): string {
  return `${path}:${line}  ${body}`;
}

function thread(title: string, opening: string, said: readonly Said[]): readonly string[] {
  const comments = said.map(({ login, body }) => `${colours.cyan(`@${login}`)}\n${indented(isPlan(body) ? PLAN_AGAIN : body)}\n`);
  return [`\n${colours.bold(title)}\n`, ...(opening ? [`${indented(opening)}\n`] : []), ...comments];
}

const PLAN_AGAIN = '(the plan as on the issue, and the line that approves it)';

function isPlan(body: string): boolean {
  return body.startsWith('### Plan for');
}

function indented(markdown: string): string {
  return terminalText(markdown).replace(/^(?=.)/gm, '  ');
}

function chart(result: ScenarioResult): string[] {
  return result.verification.checks.flatMap(({ name, before, after }) => {
    const most = Math.max(before ?? 0, after ?? 0) || 1;
    const bar = (value: number | null) =>
      value === null
        ? 'unknown'
        : `${'█'.repeat(Math.round((Math.max(0, value) / most) * BAR_WIDTH)) || '▏'} ${Number(value.toPrecision(4))}`;
    return [`  ${name}`, `    before ${bar(before)}`, `    after  ${bar(after)}`];
  });
}
