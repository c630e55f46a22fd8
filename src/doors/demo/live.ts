import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock } from '../../twin/clock.ts';
import { briskPace } from '../../twin/pipeline/pace.ts';
import { workload } from '../../twin/pipeline/workloads.ts';
import { projectRoot } from '../root.ts';
import type { Binaries } from './live/binaries.ts';
import { liveMonitor } from './live/monitor.ts';
import type { Scenario } from './scenarios.ts';
import type { WorldOptions } from './world.ts';

/** The scenario that can be played live: its alert is a rule over series, and a stream shows within a minute whether it was helped. */
export const LIVE_SCENARIO = 'kafka-lag';

const RUNBOOK = 'runbooks/kafka-consumer-lag.md';
const SETTLE_MINUTES = 1;

/** The play on real time beside a real Prometheus and Alertmanager; nobody takes minutes to think. */
export function liveScenario(scenario: Scenario): Scenario {
  return { ...scenario, thinkingMinutes: 0, lookAgainMinutes: SETTLE_MINUTES };
}

export function liveWorld(scenario: Scenario, binaries: Binaries): Partial<WorldOptions> {
  const start = new Date();
  return {
    files: { ...scenario.files, [RUNBOOK]: hastened(readFileSync(join(projectRoot(), RUNBOOK), 'utf8')) },
    plant: { start, clock: createRealClock(), pace: briskPace },
    monitor: (plant, closers) => liveMonitor(plant, workload(scenario.workload, start), binaries, closers),
  };
}

/**
 * The shipped runbook, judging after a minute by its last half: a restart takes seconds here, where the real one takes minutes of the
 * thirty that are given to it. Everything else stays. Throws when the runbook no longer says what is replaced.
 */
export function hastened(runbook: string): string {
  const [before = '', verify = '', ...more] = runbook.split(/^(?=verify:$)/m);
  const faster = verify.replace('  settle: 30m\n', `  settle: ${SETTLE_MINUTES}m\n`).replaceAll('[10m]', '[30s]');
  const found = verify.includes('  settle: 30m\n') && verify.includes('[10m]') && more.length === 0;
  if (!found) throw new Error(`${RUNBOOK} has no verification over ten minutes of thirty to be hastened`);
  return before + faster;
}
