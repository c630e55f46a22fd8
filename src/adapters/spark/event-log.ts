import type { Run, StageSummary } from '../../model/job.ts';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { StageReader } from '../../ports.ts';
import { applicationsOf, type Candidate, ofRun, type StageQuestion } from './choose.ts';
import { type ApplicationLog, applicationsIn, type EventLog } from './log-files.ts';
import { readHead, readLog } from './read-log.ts';

/** Finds the event logs of a cluster: at its log destination, or in a folder that somebody copied them to. */
export interface EventLogSource {
  logs(clusterId: string): Promise<Known<readonly EventLog[]>>;
  /** Everything that is there, whoever wrote it; a source without this knows clusters alone. */
  all?(): Promise<Known<readonly EventLog[]>>;
}

/** A run with more clusters is not read: what some of them would say is half known. */
const mostClusters = 8;
/** So many of a folder's applications are looked at for the run's. */
const mostApplications = 500;

/** Stage quantiles from event logs. Several clusters of a run are read side by side; one that cannot be read makes the whole unknown. */
export function createEventLogStages(source: EventLogSource): StageReader {
  return { stages: (run, application) => stagesOf(source, { run, application }) };
}

async function stagesOf(source: EventLogSource, question: StageQuestion): Promise<Known<readonly StageSummary[]>> {
  const { run } = question;
  if (run === null) return source.all === undefined ? unknown('absent: no run is known') : fromAll(await source.all(), question);
  const clusters = [...new Set(run.tasks.flatMap((task) => task.clusterId ?? []))];
  if (clusters.length === 0) return unknown('absent: no task of the run had a cluster');
  if (clusters.length > mostClusters) return unknown(`unreadable: the run had ${clusters.length} clusters`);
  const found = await Promise.all(clusters.map((cluster) => source.logs(cluster)));
  if (source.all !== undefined && found.every((one) => !one.known)) return fromAll(await source.all(), question);
  const read = await Promise.all(found.map(async (logs) => (logs.known ? readAll(applicationsIn(logs.value), run) : logs)));
  const lost = read.find((one) => !one.known);
  if (lost !== undefined && !lost.known) return lost;
  return known(read.flatMap((one) => (one.known ? one.value : [])));
}

/** A place that holds the logs of many: which application is the run's is told by the heads of the logs. */
async function fromAll(logs: Known<readonly EventLog[]>, question: StageQuestion): Promise<Known<readonly StageSummary[]>> {
  if (!logs.known) return logs;
  const applications = latestAttempts(applicationsIn(logs.value));
  if (applications.length > mostApplications) return unknown(`unreadable: more than ${mostApplications} applications are there`);
  const chosen = applicationsOf(question, await candidatesOf(applications));
  if (!chosen.known) return chosen;
  const { only, applications: taken } = chosen.value;
  return readAll(
    taken.map(({ log }) => log),
    question.run,
    only,
  );
}

async function candidatesOf(
  applications: readonly ApplicationLog[],
): Promise<readonly (Candidate & { readonly log: ApplicationLog })[]> {
  const found: (Candidate & { readonly log: ApplicationLog })[] = [];
  for (const log of applications) {
    const { id, ...facts } = await readHead(log.files);
    found.push({ ...facts, id: id ?? log.id, finished: log.finished, log });
  }
  return found;
}

async function readAll(
  applications: readonly ApplicationLog[],
  run: Run | null,
  only = false,
): Promise<Known<readonly StageSummary[]>> {
  if (applications.length === 0) return unknown('absent: no event log was delivered');
  const stages: StageSummary[] = [];
  for (const application of latestAttempts(applications)) {
    const read = await readOne(application, run, only);
    // A cluster that was started again has a log for each time; only some are of the run.
    if (read.known) stages.push(...read.value);
    else if (!read.why.startsWith('absent')) return read;
  }
  return stages.length === 0 ? unknown('absent: the event logs have no stages of the run') : known(stages);
}

async function readOne(application: ApplicationLog, run: Run | null, only: boolean): Promise<Known<readonly StageSummary[]>> {
  const { id, attempt, files } = application;
  const { facts, stages, events, gaps: found } = await readLog(files);
  const gaps = [...application.gaps, ...found].join('; ');
  if (events === 0) return unknown(`unreadable: ${gaps === '' ? 'it holds no events' : gaps} (${files[0]?.path ?? id})`);
  const own = ofRun(run, facts.started, stages, only);
  if (own.length === 0) return unknown(gaps === '' ? 'absent: no stages of the run' : `partial: ${gaps}`);
  const source = `event log of ${facts.id ?? id}${attempt > 1 ? ` attempt ${attempt}` : ''}${only ? ', the only one there' : ''}`;
  return known(own.map(({ summary }) => ({ ...summary, source, ...(gaps === '' ? {} : { partial: gaps }) })));
}

/** A driver that was started again wrote a log of its own: the last attempt is what became of the application. */
function latestAttempts(applications: readonly ApplicationLog[]): readonly ApplicationLog[] {
  const latest = new Map<string, ApplicationLog>();
  for (const one of applications) {
    const key = `${one.folder}/${one.id}`;
    if ((latest.get(key)?.attempt ?? 0) < one.attempt) latest.set(key, one);
  }
  return [...latest.values()];
}
