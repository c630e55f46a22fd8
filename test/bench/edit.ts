import { applyChange } from '../../src/core/edit/edit.ts';
import { inMs, median, type Row, timesOf } from './measure.ts';

const LINES = 10_000;

/** A job file of 10,000 lines: one long job_clusters entry, and many tasks before it. */
function longJob(): string {
  const task = (index: number) => ({
    task_key: `task_${index}`,
    notebook_task: { notebook_path: `/Repos/jobs/${index}`, source: 'WORKSPACE' },
    max_retries: 2,
    timeout_seconds: 3600,
  });
  const conf = { 'spark.sql.shuffle.partitions': '200' };
  const cluster = { job_cluster_key: 'main', new_cluster: { num_workers: 4, spark_conf: conf } };
  const settings = (tasks: number) =>
    JSON.stringify(
      { name: 'long', tasks: Array.from({ length: tasks }, (_, index) => task(index)), job_clusters: [cluster] },
      null,
      2,
    );
  const linesOfOne = settings(2).split('\n').length - settings(1).split('\n').length;
  return settings(Math.ceil((LINES - settings(1).split('\n').length) / linesOfOne) + 1);
}

/** One value of a long file, beside parsing and printing the whole file, which loses its layout. */
export async function editRows(): Promise<readonly Row[]> {
  const text = longJob();
  const change = {
    selector: 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]',
    old: '"200"',
    new: '"1400"',
  };
  const edited = applyChange('json', text, change);
  if (!edited.ok || edited.value.text !== text.replace('"200"', '"1400"')) throw new Error('the edit is not byte-exact');
  const ours = median(await timesOf(15, () => applyChange('json', text, change), 3));
  const printed = median(await timesOf(15, () => JSON.stringify(JSON.parse(text), null, 2), 3));
  const lines = text.split('\n').length;
  const measured = `${inMs(ours)}, ${(ours / printed).toFixed(1)} × JSON.parse and stringify`;
  return [{ what: `one value in a JSON file of ${lines} lines, byte-exact`, target: '', measured, met: null }];
}
