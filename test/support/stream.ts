import { readFileSync } from 'node:fs';
import type { World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';

export const STREAM_FILE = 'jobs/orders-stream.json';
const CONTINUOUS = /"continuous":\s*\{[^}]*\}/;
const WEEKLY = '"schedule": {"quartz_cron_expression": "0 0 0 ? * SUN", "timezone_id": "UTC"}';

/** The stream's file with a weekly schedule in place of `continuous`: its run does not end, and nothing starts the next one soon. */
export function weeklyFile(): Readonly<Record<string, string>> {
  return { [STREAM_FILE]: weekly(readFileSync(STREAM_FILE, 'utf8')) };
}

/** The same of the live job, whose run goes on. */
export async function makeWeekly({ plant }: World): Promise<void> {
  const settings = weekly(plant.databricks.settingsText(jobIds.lag) ?? '');
  const response = await fetch(`${plant.databricks.url}/api/2.2/jobs/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${plant.tokens.deploy}` },
    body: `{"job_id":${jobIds.lag},"new_settings":${settings}}`,
  });
  if (!response.ok) throw new Error(`the live job cannot be changed: ${await response.text()}`);
}

function weekly(text: string): string {
  const edited = text.replace(CONTINUOUS, WEEKLY);
  if (edited === text) throw new Error(`${STREAM_FILE} is not continuous any more`);
  return edited;
}

/** A remedy that the model does not respond to: what may be read in one trigger is no bound here. */
export function uselessForLag(): Readonly<Record<string, string>> {
  const path = 'runbooks/kafka-consumer-lag.md';
  const text = readFileSync(path, 'utf8');
  const edited = text.replace(
    /edit: \{cluster: num_workers\}(\n {4}#.*)\n {4}value: .*/,
    'edit: {parameter: maxOffsetsPerTrigger}$1\n    value: "3000000.0"',
  );
  if (edited === text) throw new Error(`${path} has no such remedy any more`);
  return { [path]: edited };
}

/** What the Action asked the workspace to do about the stream, in order: `reset`, `cancel`, `run-now`. */
export function doneTo({ plant }: World): readonly string[] {
  return plant.databricks.writes.filter(({ token }) => token === 'write').map(({ path }) => path.split('/').at(-1) ?? '');
}

/** Runs of the stream that are under way now, with the settings that each was started with. */
export function underWay({ plant }: World) {
  const now = plant.clock.now().getTime();
  const runs = plant.databricks.runs(jobIds.lag);
  return runs.filter(({ started, ended }) => started !== null && started <= now && (ended === null || ended > now));
}
