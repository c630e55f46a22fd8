import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Plant } from '../../../twin/databricks/plant.ts';
import type { Workload } from '../../../twin/pipeline/workload.ts';
import type { Closers } from '../closers.ts';
import type { Monitor } from '../systems.ts';
import { until } from '../until.ts';
import { firing, queriesAnswered } from './answers.ts';
import type { Binaries } from './binaries.ts';
import { alertmanagerConfig, alertRules, prometheusConfig, SCRAPE_JOB } from './configuration.ts';
import { freePort, startDaemon } from './daemon.ts';
import { historyOf } from './history.ts';

const run = promisify(execFile);

/** Real Prometheus and Alertmanager over the plant's exporter, in a temporary folder on free ports of 127.0.0.1. */
export async function liveMonitor(plant: Plant, workload: Workload, binaries: Binaries, closers: Closers): Promise<Monitor> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-live-'));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  const [prometheusPort, alertmanagerPort] = await Promise.all([freePort(), freePort()]);
  const alertmanager = `127.0.0.1:${alertmanagerPort}`;
  const exporter = new URL(plant.metrics.metricsUrl).host;
  const url = `http://127.0.0.1:${prometheusPort}`;
  return {
    url,
    calls: () => queriesAnswered(url),
    begin: async (alerts) => {
      await startAlertmanager(binaries, folder, alertmanager, alertmanagerConfig(alerts), closers);
      await writeFile(join(folder, 'rules.yml'), alertRules(workload));
      await writeFile(join(folder, 'prometheus.yml'), prometheusConfig({ exporter, alertmanager }));
      await writeFile(join(folder, 'history.om'), historyOf(plant, { job: SCRAPE_JOB, instance: exporter }));
      await startPrometheus(binaries, folder, url, closers);
      return until('a firing alert', () => firing(url));
    },
  };
}

async function startAlertmanager(binaries: Binaries, folder: string, address: string, config: string, closers: Closers) {
  const file = join(folder, 'alertmanager.yml');
  // It holds the token of the alert door.
  await writeFile(file, config, { mode: 0o600 });
  const args = [`--config.file=${file}`, `--storage.path=${join(folder, 'alertmanager')}`, `--web.listen-address=${address}`];
  // Without an address here it would open a port for its cluster's gossip.
  await startDaemon(binaries.alertmanager, [...args, '--cluster.listen-address='], `http://${address}`, closers);
}

/** The configuration is checked and the history filled in first, up to the present: what is scraped goes on where it ends. */
async function startPrometheus(binaries: Binaries, folder: string, url: string, closers: Closers) {
  const [config, history, data] = [join(folder, 'prometheus.yml'), join(folder, 'history.om'), join(folder, 'data')];
  await run(binaries.promtool, ['check', 'config', config]);
  await run(binaries.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', history, data]);
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${new URL(url).host}`];
  // The rule fires on the history before Prometheus has found Alertmanager, and what it then sends is lost for this long.
  await startDaemon(binaries.prometheus, [...args, '--rules.alert.resend-delay=1s'], url, closers);
}
