import type { Command } from 'commander';
import { nearest } from '../../core/nearest.ts';
import { findBinaries, HOW_TO_GET_BINARIES } from '../demo/live/binaries.ts';
import { LIVE_SCENARIO, liveScenario, liveWorld } from '../demo/live.ts';
import { runScenario } from '../demo/run.ts';
import { SCENARIOS, type Scenario, SHOWN_FIRST } from '../demo/scenarios.ts';
import { storyteller } from '../demo/tell.ts';
import type { WorldOptions } from '../demo/world.ts';
import { printJson, Refused } from './answer.ts';

interface DemoOptions {
  readonly scenario?: string;
  readonly live?: true;
  readonly json?: true;
}

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('play the whole loop in a rehearsal world on this machine')
    .option('--scenario <name>', `one of ${SCENARIOS.map((one) => one.name).join(', ')}; ${SHOWN_FIRST.join(', ')} by default`)
    .option('--live', `play ${LIVE_SCENARIO} on real time, with Prometheus and Alertmanager from PATH; takes about 75 s`)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  sluice demo\n  sluice demo --scenario bad-fix')
    .action(async (options: DemoOptions) => {
      const teller = storyteller(options.json !== true);
      const results = [];
      for (const { scenario, world } of playsOf(options)) results.push(await runScenario(scenario, teller, world));
      if (options.json) printJson({ scenarios: results });
      if (results.some((one) => !one.ok)) process.exitCode = 1;
    });
}

/** What to play, and in which world; refuses before anything is started. */
function playsOf(options: DemoOptions): readonly { readonly scenario: Scenario; readonly world: Partial<WorldOptions> }[] {
  if (options.live) return [livePlay(options.scenario ?? LIVE_SCENARIO)];
  const names = options.scenario ? [options.scenario] : SHOWN_FIRST;
  return names.map((name) => ({ scenario: scenarioNamed(name), world: {} }));
}

function livePlay(name: string) {
  const scenario = scenarioNamed(name);
  if (name !== LIVE_SCENARIO)
    throw new Refused(2, 'scenario_not_live', `--live plays ${LIVE_SCENARIO} only, not ${name}`, {
      fix: `Say sluice demo --live, or sluice demo --scenario ${name}.`,
    });
  const binaries = findBinaries(process.env.PATH ?? '');
  if ('missing' in binaries)
    throw new Refused(3, 'binary_missing', `--live needs ${binaries.missing.join(', ')} on PATH`, { fix: HOW_TO_GET_BINARIES });
  return { scenario: liveScenario(scenario), world: liveWorld(scenario, binaries.found) };
}

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found) return found;
  const names = SCENARIOS.map((one) => one.name);
  const near = nearest(name, names);
  const fix = near ? `Did you mean ${near}?` : `Use one of ${names.join(', ')}.`;
  throw new Refused(2, 'scenario_unknown', `there is no scenario ${name}`, { fix });
}
