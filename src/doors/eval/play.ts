import { performance } from 'node:perf_hooks';
import { matchTarget } from '../../core/target.ts';
import { investigate } from '../../flow/investigate.ts';
import type { Investigation } from '../../model/plan.ts';
import type { RunbookFile } from '../../model/runbook.ts';
import { SUITE_INSTANT, type SuiteCase } from '../../model/suite.ts';
import { parseAlertmanager } from '../../schema/alert.ts';
import { parseConfig } from '../../schema/config.ts';
import { startRecorded } from '../../twin/recorded/world.ts';
import { readsOf } from '../reads.ts';

/** What an investigation found, how many calls it made to Databricks and Prometheus, and how long it took. */
export interface Played {
  readonly found: Investigation;
  readonly reads: number;
  readonly seconds: number;
}

const suiteInstant = new Date(SUITE_INSTANT);

/** Investigates one case as the command line would, through real clients over loopback. A case that cannot be read is a bug of the suite. */
export async function playCase(one: SuiteCase, runbooks: readonly RunbookFile[]): Promise<Played> {
  const config = parseConfig(one.config);
  if (!config.ok) throw new Error(`${one.file}: ${one.name}: ${JSON.stringify(config.faults)}`);
  const parsed = parseAlertmanager(one.alert);
  const [signal] = parsed.ok ? parsed.signals : [];
  if (!signal) throw new Error(`${one.file}: ${one.name}: the alert is not readable`);
  const match = matchTarget(config.value.targets, signal);
  const target = match.kind === 'target' ? match.target : null;
  const plant = await startRecorded(one.world, one.job, suiteInstant);
  try {
    const reads = readsOf(
      { name: 'prod', host: plant.databricks.url, token: plant.token, patience: 0 },
      { url: plant.metrics.url, headers: {} },
    );
    const files = (target?.files ?? []).map((path) => ({ path, text: one.files[path] ?? one.job?.settings ?? '' }));
    const input = { signal, target, runbooks, files, config: { limits: config.value.limits } };
    const begun = performance.now();
    const found = await investigate(input, reads, { now: async () => suiteInstant, sleep: async () => {} });
    const seconds = (performance.now() - begun) / 1000;
    return { found, reads: plant.databricks.calls.count() + plant.metrics.calls.count(), seconds };
  } finally {
    await plant.close();
  }
}
