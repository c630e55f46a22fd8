import type { Command } from 'commander';
import pc from 'picocolors';
import { type Plant, startPlant } from '../../twin/databricks/plant.ts';
import { startSparkRest } from '../../twin/pipeline/spark-rest.ts';
import { jobIds, type WorkloadName, workload } from '../../twin/pipeline/workloads.ts';
import { printJson, Refused } from './answer.ts';
import { startFront } from './twin-front.ts';

const START = new Date('2026-11-20T03:00:00Z');
const WORKLOADS = Object.keys(jobIds).filter((name): name is WorkloadName => Object.hasOwn(jobIds, name));

export function twinCommand(program: Command): void {
  program
    .command('twin')
    .description('run the rehearsal systems alone: Databricks, Prometheus, a History Server and their clock, on this machine')
    .option('--port <n>', 'the one port that they all answer on; any free one by default', portOf, 0)
    .option('--json', 'print addresses, credentials and alerts as one JSON document')
    .addHelpText('after', '\nExample:\n  sluice twin --port 8099\nIt runs until it gets SIGTERM or SIGINT (Ctrl-C).')
    .action(async (options: { port: number; json?: true }) => {
      const front = await startFront(options.port).catch(unusable);
      const plant = await startPlant({ workloads: WORKLOADS, start: START });
      const spark = await startSparkRest({ pipeline: plant.pipeline, clock: plant.clock.now, ended: true });
      front.open(routesOf(plant, spark.url));
      // Whoever reads the address may end this at once.
      endOnSignal([front, plant, spark]);
      if (options.json) printJson(documentOf(plant, front.url));
      else process.stdout.write(inWords(plant, front.url));
    });
}

function unusable(error: unknown): never {
  const message = error instanceof Error ? error.message : 'the port cannot be used';
  throw new Refused(3, 'unreachable', message, { fix: 'Choose another --port.' });
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Refused(2, 'usage', `--port ${text} is no port`, { fix: 'Use a number from 0 to 65535; 0 takes any free one.' });
}

/** The systems answer on different paths, so that one address serves them all. */
function routesOf(plant: Plant, spark: string): readonly (readonly [prefix: string, url: string])[] {
  return [
    ['/api/v1/applications', spark],
    ['/api/v1/', plant.metrics.url],
    ['/metrics', plant.metrics.url],
    ['/clock', plant.clockUrl],
    ['/', plant.databricks.url],
  ];
}

function documentOf(plant: Plant, url: string) {
  return {
    databricks: { url, tokens: plant.tokens },
    prometheus: { url },
    spark: { url },
    metrics: { url: `${url}/metrics` },
    clock: { url, now: plant.clock.now().toISOString() },
    workloads: WORKLOADS.map((name) => ({ name, job_id: jobIds[name], alert: webhookOf(name) })),
  };
}

/** What Alertmanager would post for this workload. */
function webhookOf(name: WorkloadName) {
  const { labels, annotations } = workload(name, START).alert;
  const alert = { status: 'firing', labels, annotations, startsAt: START.toISOString(), fingerprint: name };
  return { version: '4', status: 'firing', receiver: 'sluice', groupKey: name, truncatedAlerts: 0, alerts: [alert] };
}

function inWords(plant: Plant, url: string): string {
  return `${pc.bold('The rehearsal systems answer on')} ${url}

  export SLUICE_TWIN_CLOCK=${url}
  export DATABRICKS_TOKEN=${plant.tokens.read}   ${pc.dim(`# writes: ${plant.tokens.write}`)}
  sluice investigate --alert alert.json --prometheus ${url} --databricks ${url}

Twin time is ${plant.clock.now().toISOString()}; POST ${url}/clock/sleep?ms=60000 moves it on.
Jobs: ${WORKLOADS.map((name) => `${name} ${jobIds[name]}`).join(', ')}
sluice twin --json also prints an alert for each of them. Ctrl-C ends it.
`;
}

function endOnSignal(running: readonly { close(): Promise<void> }[]): void {
  const end = () => void Promise.all(running.map((one) => one.close())).then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
}
