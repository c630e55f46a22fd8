import pc from 'picocolors';
import type { Played, Step } from './play.ts';
import type { ScenarioResult } from './run.ts';
import type { Scenario } from './scenarios.ts';

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
      say(`\n${pc.bold(scenario.name)}: ${scenario.tells}\n`);
    },
    step(what, detail) {
      const seconds = ((Date.now() - begun) / 1000).toFixed(1).padStart(5);
      say(`${pc.dim(`${seconds} s`)}  ${what}${detail ? pc.dim(`  ${detail}`) : ''}`);
    },
    end(result, played) {
      say(`\n${pc.bold('The issue as people read it')}\n`);
      for (const note of played.issueThread) say(`${pc.cyan(`@${note.login}`)}\n${readable(note.body)}\n`);
      say(pc.bold('Before and after'));
      for (const line of chart(result)) say(line);
      const { calls } = result;
      say(
        `\nGitHub calls: ${calls.github} (App ${calls.app}, Action ${calls.action}); Databricks ${calls.databricks}, Prometheus ${calls.prometheus}; ${result.seconds} s`,
      );
      say(result.ok ? pc.green('ended as declared') : pc.red(`did not end as declared: ${result.missed.join('; ')}`));
    },
  };
}

/** Comments without what only machines read. */
function readable(body: string): string {
  return body
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<details><summary>([^<]*)<\/summary>[\s\S]*?<\/details>/g, '[$1 …]')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
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
