import { readdirSync, readFileSync } from 'node:fs';
import { createWorkspaceLogs } from '../../src/adapters/databricks/event-logs.ts';
import { createWorkspaceReader } from '../../src/adapters/databricks/reader.ts';
import { createMetrics } from '../../src/adapters/prometheus/metrics.ts';
import { createEventLogStages } from '../../src/adapters/spark/event-log.ts';
import type { InvestigateInput } from '../../src/flow/investigate.ts';
import type { Limits } from '../../src/model/config.ts';
import type { RunbookFile } from '../../src/model/runbook.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Target } from '../../src/model/target.ts';
import type { Clock, InvestigationReads } from '../../src/ports.ts';
import { parseRunbook } from '../../src/schema/runbook.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { startPlant } from '../../src/twin/databricks/plant.ts';
import type { Workload } from '../../src/twin/pipeline/workload.ts';
import { jobIds, type WorkloadName, workload } from '../../src/twin/pipeline/workloads.ts';

export const rehearsalStart = new Date('2026-11-20T03:00:00Z');

/** Every job that the twin rehearses. */
export const workloadNames = Object.keys(jobIds).filter((name): name is WorkloadName => Object.hasOwn(jobIds, name));

export const openLimits: Limits = { incidentsPerHour: 10, maxWorkers: 20, percentPerStep: 1000, paths: [], keys: [] };

/** The shipped runbooks, parsed; a fault in one of them fails here. */
export function shippedRunbooks(): readonly RunbookFile[] {
  return readdirSync('runbooks')
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const read = parseRunbook(readFileSync(`runbooks/${file}`, 'utf8'), `runbooks/${file}`);
      if (!read.ok) throw new Error(JSON.stringify(read.faults));
      return { runbook: read.value, blob: 'a'.repeat(40) };
    });
}

/** The twin's data side with everything an investigation reads through, over real HTTP. */
export async function startRehearsal(workloads: readonly (WorkloadName | Workload)[]) {
  const plant = await startPlant({ workloads, start: rehearsalStart });
  return { plant, reads: readsOf(plant), clock: clockOf(plant) };
}

export function connectionOf(plant: Plant) {
  return { name: 'prod', host: plant.databricks.url, token: plant.tokens.read, patience: 0 };
}

export function readsOf(plant: Plant): InvestigationReads {
  const connection = connectionOf(plant);
  return {
    metrics: createMetrics({ url: plant.metrics.url }),
    workspace: createWorkspaceReader(connection),
    stages: createEventLogStages(createWorkspaceLogs(connection)),
  };
}

export function clockOf(plant: Plant): Clock {
  return { now: async () => plant.clock.now(), sleep: async (milliseconds) => void plant.clock.advance(milliseconds) };
}

const taskKeys: Readonly<Record<WorkloadName, string>> = {
  oom: 'join_orders',
  skew: 'enrich_customers',
  bad: 'rollup_events',
  lag: 'ingest',
  lagNarrow: 'ingest',
  lagCapped: 'ingest',
  healthy: 'ingest',
  kinesis: 'ingest',
  nightly: 'build_prices',
  bundle: 'rollup_ledger',
  conf: 'build_features',
  broadcast: 'price_catalog',
};

export function targetOf(name: WorkloadName, change: Partial<Target> = {}): Target {
  return {
    name,
    line: 1,
    match: [],
    files: [`jobs/${name}.json`],
    kind: 'job-json',
    appliedBy: 'sluice',
    workspace: 'prod',
    job: { by: 'id', id: jobIds[name] },
    taskKey: taskKeys[name],
    clusterKey: null,
    rerun: 'repair',
    streaming: false,
    ...change,
  };
}

export function signalOf(name: WorkloadName | Workload): Signal {
  const { alert, ...work } = typeof name === 'string' ? workload(name, rehearsalStart) : name;
  return {
    source: 'alertmanager',
    status: 'firing',
    alertname: alert.labels.alertname ?? '',
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: rehearsalStart.toISOString(),
    endsAt: null,
    fingerprint: work.name,
  };
}

/** An investigation of one workload whose file holds what is live. */
export function inputOf(name: WorkloadName, plant: Plant, change: Partial<InvestigateInput> = {}): InvestigateInput {
  return {
    signal: signalOf(name),
    target: targetOf(name),
    runbooks: shippedRunbooks(),
    files: [{ path: `jobs/${name}.json`, text: plant.databricks.settingsText(jobIds[name]) ?? '' }],
    config: { limits: openLimits },
    ...change,
  };
}
