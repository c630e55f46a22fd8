import type { Command } from 'commander';
import type { Plant } from '../../twin/databricks/plant.ts';
import { startSparkRest } from '../../twin/pipeline/spark-rest.ts';
import { jobIds, type WorkloadName, workload } from '../../twin/pipeline/workloads.ts';
import { colours } from '../colours.ts';
import { createClosers } from '../demo/closers.ts';
import { PEOPLE } from '../demo/seed.ts';
import { type Systems, startSystems } from '../demo/systems.ts';
import { printJson, Refused } from './answer.ts';
import { startFront } from './twin-front.ts';

const START = new Date('2026-11-20T03:00:00Z');
const WORKLOADS = Object.keys(jobIds).filter((name): name is WorkloadName => Object.hasOwn(jobIds, name));

export function twinCommand(program: Command): void {
  program
    .command('twin')
    .description(
      'run the rehearsal systems alone: GitHub with its Actions, Databricks, Prometheus, a History Server and their clock, on this machine',
    )
    .option('--port <n>', 'the one port that all but GitHub answer on; any free one by default', portOf, 0)
    .option('--app <url>', 'where `sluice serve` will listen: GitHub sends its webhooks there', appAt, 'http://127.0.0.1:3000')
    .option('--json', 'print addresses, credentials and alerts as one JSON document')
    .addHelpText('after', '\nExample:\n  sluice twin --port 8099\nIt runs until it gets SIGTERM or SIGINT (Ctrl-C).')
    .action(async (options: { port: number; app: string; json?: true }) => {
      const front = await startFront(options.port).catch(unusable);
      const closers = createClosers();
      closers.add(front.close);
      const systems = await startSystems({ workloads: WORKLOADS }, closers);
      const { plant } = systems;
      const spark = await startSparkRest({ pipeline: plant.pipeline, clock: plant.clock.now, ended: true });
      closers.add(spark.close);
      front.open(routesOf(plant, spark.url));
      systems.tellApp(options.app);
      // Whoever reads the address may end this at once.
      endOnSignal(closers);
      if (options.json) printJson(documentOf(systems, front.url));
      else process.stdout.write(inWords(systems, front.url));
    });
}

function unusable(error: unknown): never {
  const message = error instanceof Error ? error.message : 'the port cannot be used';
  throw new Refused(3, 'unreachable', message, { fix: 'Choose another --port.' });
}

function appAt(text: string): string {
  if (/^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new Refused(2, 'usage', `--app ${text} is no address on this machine`, { fix: 'Write it as http://127.0.0.1:3000.' });
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

function documentOf(systems: Systems, url: string) {
  const { plant } = systems;
  return {
    github: githubOf(systems),
    databricks: { url, tokens: plant.tokens },
    prometheus: { url },
    spark: { url },
    metrics: { url: `${url}/metrics` },
    clock: { url, now: plant.clock.now().toISOString() },
    workloads: WORKLOADS.map((name) => ({ name, job_id: jobIds[name], alert: webhookOf(name) })),
  };
}

/** What a shell has by itself, or whoever starts `sluice serve` chooses. */
const OF_THE_MACHINE = new Set(['PATH', 'HOME', 'PORT', 'LOG_LEVEL']);

/** Where and who, and the environment that `sluice serve` needs to be this GitHub's App. */
function githubOf({ github, appEnvironment, alertToken }: Systems) {
  const serve = Object.fromEntries(Object.entries(appEnvironment).filter(([name]) => !OF_THE_MACHINE.has(name)));
  const repository = `${github.owner}/${github.repo}`;
  return { url: github.url, repository, tokens: PEOPLE, alert_token: alertToken, serve };
}

/** What Alertmanager would post for this workload. */
function webhookOf(name: WorkloadName) {
  const { labels, annotations } = workload(name, START).alert;
  const alert = { status: 'firing', labels, annotations, startsAt: START.toISOString(), fingerprint: name };
  return { version: '4', status: 'firing', receiver: 'sluice', groupKey: name, truncatedAlerts: 0, alerts: [alert] };
}

function inWords({ plant, github }: Systems, url: string): string {
  return `${colours.bold('The rehearsal systems answer on')} ${url}

  export SLUICE_TWIN_CLOCK=${url}
  export DATABRICKS_TOKEN=${plant.tokens.read}   ${colours.dim(`# writes: ${plant.tokens.write}`)}
  sluice investigate --alert alert.json --prometheus ${url} --databricks ${url}

GitHub answers on ${github.url}: ${github.owner}/${github.repo}, with the people ${Object.keys(PEOPLE).join(', ')}.
sluice twin --json has their tokens, and under github.serve the environment that makes \`sluice serve\` its App.

Twin time is ${plant.clock.now().toISOString()}; POST ${url}/clock/sleep?ms=60000 moves it on.
Jobs: ${WORKLOADS.map((name) => `${name} ${jobIds[name]}`).join(', ')}
sluice twin --json also prints an alert for each of them. Ctrl-C ends it.
`;
}

function endOnSignal({ close }: { close(): Promise<void> }): void {
  const end = () => void close().then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
}
