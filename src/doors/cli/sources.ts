import { existsSync } from 'node:fs';
import { createEventLogStages } from '../../adapters/spark/event-log.ts';
import { createLogFolder } from '../../adapters/spark/log-folder.ts';
import type { InvestigationReads, StageReader } from '../../ports.ts';
import { parseHeaders } from '../../schema/settings.ts';
import { readsOf } from '../reads.ts';
import { Refused } from './answer.ts';
import { createRestStages } from './spark-rest.ts';

/** Where an investigation may read, as the options name it. */
export interface SourceOptions {
  readonly prometheus?: string;
  readonly databricks?: string;
  readonly spark?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reading clients for the given addresses; what is not given is not read, and its evidence is absent. */
export function sourcesOf(options: SourceOptions, env: Environment): InvestigationReads {
  const metrics =
    options.prometheus === undefined ? null : { url: webAddress(options.prometheus, '--prometheus'), headers: headersOf(env) };
  const workspace =
    options.databricks === undefined
      ? null
      : { name: 'databricks', host: webAddress(options.databricks, '--databricks'), token: tokenOf(env) };
  const reads = readsFor(workspace, metrics);
  return options.spark === undefined ? reads : { ...reads, stages: stagesOf(options.spark) };
}

function readsFor(...given: Parameters<typeof readsOf>): InvestigationReads {
  try {
    return readsOf(...given);
  } catch (error) {
    const message = `--databricks: ${error instanceof Error ? error.message : 'not a workspace'}`;
    throw new Refused(2, 'usage', message, { fix: 'Write --databricks https://<workspace host>.' });
  }
}

function stagesOf(spark: string): StageReader {
  if (/^https?:\/\//i.test(spark)) return createRestStages(webAddress(spark, '--spark'));
  if (!existsSync(spark))
    throw new Refused(2, 'file_missing', `there is no folder ${spark}`, {
      fix: 'Give --spark a folder of event logs, or the http address of a Spark UI or History Server.',
    });
  return createEventLogStages(createLogFolder(spark));
}

function tokenOf(env: Environment): string {
  if (env.DATABRICKS_TOKEN) return env.DATABRICKS_TOKEN;
  throw new Refused(2, 'setting_missing', 'DATABRICKS_TOKEN is not set', {
    fix: 'Set it to a token with CAN_VIEW on the job; an investigation only reads.',
  });
}

function headersOf(env: Environment): Readonly<Record<string, string>> {
  try {
    return parseHeaders(env.SLUICE_PROMETHEUS_HEADERS);
  } catch {
    throw new Refused(2, 'setting_missing', 'SLUICE_PROMETHEUS_HEADERS is no JSON object of texts', {
      fix: 'Write it as {"authorization":"Bearer …"}.',
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
