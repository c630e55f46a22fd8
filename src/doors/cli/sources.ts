import { existsSync } from 'node:fs';
import type { MetricsConnection } from '../../adapters/prometheus/metrics.ts';
import type { InvestigationReads, StageReader } from '../../ports.ts';
import { parseMetricsAccess } from '../../schema/metrics-access.ts';
import { parseSpark } from '../../schema/settings.ts';
import { readsOf, sparkStages } from '../reads.ts';
import { Refused } from './answer.ts';
import { configuredServers } from './servers.ts';

/** Where an investigation may read, as the options name it. */
export interface SourceOptions {
  readonly prometheus?: string;
  readonly databricks?: string;
  readonly spark?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reading clients for the given addresses; what is not given is not read, and its evidence is absent. */
export function sourcesOf(options: SourceOptions, env: Environment): InvestigationReads {
  const metrics = options.prometheus === undefined ? null : metricsOf(options.prometheus, env);
  const workspace =
    options.databricks === undefined
      ? null
      : { name: 'databricks', host: webAddress(options.databricks, '--databricks'), token: tokenOf(env) };
  const reads = readsFor(workspace, metrics);
  return options.spark === undefined ? reads : { ...reads, stages: stagesOf(options.spark, env) };
}

function readsFor(...given: Parameters<typeof readsOf>): InvestigationReads {
  try {
    return readsOf(...given);
  } catch (error) {
    const message = `--databricks: ${error instanceof Error ? error.message : 'not a workspace'}`;
    throw new Refused(2, 'usage', message, { fix: 'Write --databricks https://<workspace host>.' });
  }
}

function stagesOf(spark: string, env: Environment): StageReader {
  const headers = ofSettings(() => parseSpark({ ...env, SLUICE_SPARK: spark })?.headers ?? {});
  if (/^https?:\/\//i.test(spark)) return sparkStages({ at: webAddress(spark, '--spark'), headers });
  if (!existsSync(spark))
    throw new Refused(2, 'file_missing', `there is no folder ${spark}`, {
      fix: 'Give --spark a folder of event logs, or the http address of a Spark UI or History Server.',
    });
  return sparkStages({ at: spark, headers });
}

function tokenOf(env: Environment): string {
  if (env.DATABRICKS_TOKEN) return env.DATABRICKS_TOKEN;
  throw new Refused(2, 'setting_missing', 'DATABRICKS_TOKEN is not set', {
    fix: 'Set it to a token with CAN_VIEW on the job; an investigation only reads.',
  });
}

/** An address, asked as `SLUICE_PROMETHEUS_HEADERS` and its like say; or the name of a server that the environment has. */
function metricsOf(addressOrName: string, env: Environment): MetricsConnection {
  const named = /^[\w-]+$/.test(addressOrName) ? addressOrName.toLowerCase().replaceAll('-', '_') : null;
  if (named === null) {
    const url = webAddress(addressOrName, '--prometheus');
    return { url, ...ofSettings(() => parseMetricsAccess(env, 'SLUICE_PROMETHEUS', url)) };
  }
  const found = configuredServers(env).metrics.find(({ name }) => name === named);
  if (found) return found;
  throw new Refused(2, 'setting_missing', `SLUICE_PROMETHEUS_${named.toUpperCase()}_URL is not set`, {
    fix: 'Set it, or give --prometheus the address of the server.',
  });
}

function ofSettings<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Refused(2, 'setting_missing', error instanceof Error ? error.message : 'a setting cannot be read', {
      fix: 'docs/setup.md has all settings.',
    });
  }
}

/** Credentials belong in the environment: an address with some in it would end in shell histories and logs. */
function webAddress(text: string, option: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text;
  throw new Refused(2, 'usage', `${option} is no http or https address without credentials`, {
    fix: `Write ${option} https://host.`,
  });
}
