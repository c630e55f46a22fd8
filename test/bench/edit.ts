import { performance } from 'node:perf_hooks';
import { applyChange } from '../../src/core/edit/edit.ts';
import { atMost, median, type Row } from './measure.ts';

const LINES = 10_000;
const ROUNDS = 18;

/** A job file of 10,000 lines: one long job_clusters entry, and many tasks before it. Each has a name of its own: what was read once is remembered. */
function longJob(number: number): string {
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
      { name: `long ${number}`, tasks: Array.from({ length: tasks }, (_, index) => task(index)), job_clusters: [cluster] },
      null,
      2,
    );
  const linesOfOne = settings(2).split('\n').length - settings(1).split('\n').length;
  return settings(Math.ceil((LINES - settings(1).split('\n').length) / linesOfOne) + 1);
}

/** One value of a long file, beside parsing and printing the whole file, which loses its layout. */
export async function editRows(): Promise<readonly Row[]> {
  const texts = Array.from({ length: ROUNDS }, (_, number) => longJob(number));
  const change = {
    selector: 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]',
    old: '"200"',
    new: '"1400"',
  };
  const [ours, printed]: [number[], number[]] = [[], []];
  for (const text of texts) {
    const begun = performance.now();
    const edited = applyChange('json', text, change);
    ours.push(performance.now() - begun);
    if (!edited.ok || edited.value.text !== text.replace('"200"', '"1400"')) throw new Error('the edit is not byte-exact');
    const then = performance.now();
    JSON.stringify(JSON.parse(text), null, 2);
    printed.push(performance.now() - then);
  }
  const lines = texts[0]?.split('\n').length;
  const note = ` (${(median(ours) / median(printed)).toFixed(1)} × JSON.parse and stringify)`;
  return [atMost(`one value in a JSON file of ${lines} lines, byte-exact`, median(ours), 50, ' ms', note)];
}
