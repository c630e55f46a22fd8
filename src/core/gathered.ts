import type { Evidence } from '../model/evidence.ts';
import type { Job, NodeType, StageSummary } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import { known, unknown } from '../model/known.ts';
import type { Runbook, RunbookSignal } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';
import type { TargetPart } from './cluster-facts.ts';
import type { FactValue } from './expression.ts';
import type { JobFacts } from './job-facts.ts';
import { confFacts, jobFacts } from './job-facts.ts';
import { latestFinished, runFacts } from './run-facts.ts';
import type { RunReadings } from './run-readings.ts';
import { factMeaning } from './runbook-vocabulary.ts';
import { stageFacts } from './stage-facts.ts';
import { stageSource, wholeStages } from './stage-source.ts';

export type UnnumberedEvidence = Omit<Evidence, 'id'>;

/** A target's file at the base. */
export interface TargetFile {
  readonly path: string;
  readonly text: string;
}

/** Everything that was read for one investigation, each part known or not by itself. */
export interface Gathered {
  /** Prometheus signals by the runbook's name. */
  readonly signals: ReadonlyMap<string, UnnumberedEvidence>;
  /** Values of the verification's Prometheus checks by name. */
  readonly checks: Readonly<Record<string, number | null>>;
  readonly live: Known<Job>;
  readonly runs: RunReadings;
  readonly stages: Known<readonly StageSummary[]>;
  readonly nodeTypes: Known<readonly NodeType[]>;
  readonly jobId: Known<string>;
}

/** Facts of the live job; without one, of the file that defines it. */
export function factsOfTarget(target: Target | null, files: readonly TargetFile[], gathered: Gathered): Known<JobFacts> {
  if (target === null) return unknown('no target');
  const part: TargetPart = target;
  const nodes = gathered.nodeTypes.known ? gathered.nodeTypes.value : [];
  const [file] = files;
  if (target.kind === 'spark-conf' && !gathered.live.known) {
    return file === undefined ? unknown('the file is not there') : known(confFacts(file.text, part));
  }
  const settings = gathered.live.known ? gathered.live.value.settings : target.kind === 'job-json' ? file?.text : undefined;
  if (settings === undefined) return gathered.live.known ? unknown('no settings') : gathered.live;
  const facts = jobFacts(settings, part, nodes);
  if (!facts.ok) return unknown(`${facts.reason.code}: ${facts.reason.subject}`);
  const { cluster } = facts.value;
  if (target.kind !== 'spark-conf' || file === undefined) return known(facts.value);
  // The job takes its conf from the file at each start, so the file decides over what the cluster sets.
  const sparkConf = { ...cluster.sparkConf, ...confFacts(file.text, part).cluster.sparkConf };
  return known({ ...facts.value, cluster: { ...cluster, sparkConf } });
}

/** The runbook's signals as evidence, in its order. */
export function evidenceFrom(runbook: Runbook, gathered: Gathered, at: Date): readonly UnnumberedEvidence[] {
  const ran = runFacts(gathered.runs);
  const staged = stageFacts(gathered.stages);
  return runbook.signals.flatMap((signal) => {
    const { query } = signal;
    if (query.from === 'prometheus') return gathered.signals.get(signal.name) ?? [];
    const facts: Readonly<Record<string, FactValue>> = query.from === 'databricks' ? ran : staged;
    return factEvidence(signal, query, facts[query.fact] ?? null, gathered, at);
  });
}

function factEvidence(
  signal: RunbookSignal,
  query: Extract<RunbookSignal['query'], { from: 'databricks' | 'spark' }>,
  value: FactValue,
  { runs, stages, jobId }: Gathered,
  at: Date,
): UnnumberedEvidence {
  const reading: Known<unknown> = query.from === 'spark' ? wholeStages(stages) : runs.runs;
  const latest = runs.runs.known ? latestFinished(runs.runs.value) : null;
  const plain = typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value)) ? null : value;
  const asked = query.from === 'spark' ? stageSource(stages) : 'jobs/runs/list, runs/get-output, clusters/events';
  const unread = reading.known || reading.why.startsWith('absent') ? 'absent' : 'unreadable';
  return {
    name: signal.name,
    source: query.from,
    query: `${asked}: ${query.fact}${jobId.known || query.from === 'databricks' ? ` of job ${jobId.known ? jobId.value : 'unknown'}` : ''}`,
    window:
      latest !== null ? `run ${latest.id}` : query.from === 'spark' && stages.known ? 'newest application' : 'no finished run',
    unit: factMeaning(query.from, query.fact)?.unit ?? '',
    value: plain,
    quality: !reading.known && reading.why.startsWith('partial') ? 'partial' : plain === null ? unread : 'fresh',
    at: at.toISOString(),
    points: [],
    note: reading.known ? '' : reading.why,
  };
}

/** The verification's checks as they are before the change, by name; null where a value could not be read. */
export function baselineFrom(runbook: Runbook, gathered: Gathered): Readonly<Record<string, number | null>> {
  const facts: Readonly<Record<'databricks' | 'spark', Readonly<Record<string, FactValue>>>> = {
    databricks: runFacts(gathered.runs),
    spark: stageFacts(wholeStages(gathered.stages)),
  };
  const values = runbook.verify.checks.map((check) => {
    const value = check.source === 'prometheus' ? gathered.checks[check.name] : facts[check.source][check.query];
    return [check.name, typeof value === 'number' && Number.isFinite(value) ? value : null] as const;
  });
  return Object.fromEntries(values);
}

/** Seconds of a usual run: of the good ones, else of the latest. */
export function usualSeconds(runs: RunReadings): number | null {
  const { run_seconds_usual: usual, run_seconds: latest } = runFacts(runs);
  if (typeof usual === 'number') return usual;
  return typeof latest === 'number' ? latest : null;
}
