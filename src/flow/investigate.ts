import { blockedRules } from '../core/blocked.ts';
import { diagnose, undiagnosed } from '../core/diagnosis.ts';
import { factsOf, numbered } from '../core/evidence.ts';
import { failureOf } from '../core/failure.ts';
import type { Gathered, TargetFile } from '../core/gathered.ts';
import { baselineFrom, evidenceFrom, factsOfTarget, usualSeconds } from '../core/gathered.ts';
import { type JobSource, jobEvidence } from '../core/job-evidence.ts';
import { factsOfJob } from '../core/job-facts.ts';
import { parametersFor } from '../core/parameters.ts';
import { assemblePlan } from '../core/plan.ts';
import { bindQuery } from '../core/promql.ts';
import { parameterFacts } from '../core/remedy.ts';
import { latestFinished, runBehind } from '../core/run-facts.ts';
import type { RunReadings } from '../core/run-readings.ts';
import type { RunbookMatch } from '../core/runbook.ts';
import { isSettled, matchFailure, matchRunbook, needsStages } from '../core/runbook.ts';
import type { Config } from '../model/config.ts';
import { type Known, known, unknown } from '../model/known.ts';
import type { Investigation } from '../model/plan.ts';
import type { Runbook, RunbookFile, RunbookSignal } from '../model/runbook.ts';
import type { Signal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { Clock, InvestigationReads } from '../ports.ts';
import { readFailure, readJob, readJobId, readNumber, readRuns, readSignal, readStages } from './reads.ts';

export interface InvestigateInput {
  readonly signal: Signal;
  /** Null where no target was found: the diagnosis is made all the same, a plan is not. */
  readonly target: Target | null;
  readonly runbooks: readonly RunbookFile[];
  /** The target's files as they are at the base. */
  readonly files: readonly TargetFile[];
  readonly config: Pick<Config, 'limits'>;
}

/** Finds out what is wrong and what would be the smallest step against it. Only reads (law 8); needs no key (law 7). */
export async function investigate(input: InvestigateInput, reads: InvestigationReads, clock: Clock): Promise<Investigation> {
  const { match, ran } = await matchedBy(input, reads);
  if (match.found !== 'one') return withoutRunbook(match);
  const { runbook } = match;
  const at = await clock.now();
  const parameters = parametersFor(runbook, input.signal.labels, input.target);
  const gathered = await gather(input, runbook, parameters, reads, at, ran);

  const job = factsOfTarget(input.target, input.files, gathered);
  const runSeconds = usualSeconds(gathered.runs);
  const evidence = numbered([
    ...evidenceFrom(runbook, gathered, at),
    ...jobEvidence(runbook, job, runSeconds, settingsSource(input, gathered, at)),
  ]);
  const facts = { ...(job.known ? factsOfJob(job.value) : {}), ...parameterFacts({ parameters }) };
  const diagnosis = diagnose(runbook, evidence, facts);
  const { nodeTypes } = gathered;
  const blocked = blockedRules(runbook, diagnosis, { ...facts, ...factsOf(evidence) }, { evidence, job, nodeTypes });
  const chosen = { found: 'one' as const, runbooks: [runbook.id, ...match.others] };
  if (input.target === null) return { diagnosis, blocked, evidence, plan: null, rejected: noTarget, match: chosen };
  const assembled = assemblePlan({
    ...{ runbook, diagnosis, evidence, target: input.target, job, nodeTypes, parameters },
    blob: input.runbooks.find((file) => file.runbook === runbook)?.blob ?? null,
    live: input.target.job === null ? null : gathered.live,
    files: input.files,
    limits: input.config.limits,
    latestRun: gathered.runs.runs.known ? latestFinished(gathered.runs.runs.value) : null,
    runSeconds,
    baseline: baselineFrom(runbook, gathered),
  });
  return { diagnosis, blocked, evidence, ...assembled, match: chosen };
}

/** Where the job's facts were read: the live job before its file. */
function settingsSource({ files }: InvestigateInput, { live, jobId }: Gathered, now: Date): JobSource {
  const at = now.toISOString();
  if (live.known)
    return { source: 'databricks', query: `jobs/get and list-node-types of job ${jobId.known ? jobId.value : 'unknown'}`, at };
  return { source: 'git', query: `${files.map(({ path }) => path).join(', ') || 'no file'} at the base`, at };
}

/**
 * The runbook that answers, and the runs where they had to be read for it. An alert that no runbook knows, or that several share by their
 * symptoms, is matched by what the failed run of its job says, though a later one may have succeeded: the runbook then says that it is over.
 */
async function matchedBy(
  { signal, target, runbooks }: InvestigateInput,
  { workspace }: InvestigationReads,
): Promise<{ readonly match: RunbookMatch; readonly ran: RunReadings | null }> {
  const all = runbooks.map(({ runbook }) => runbook);
  const match = matchRunbook(signal, all);
  if (isSettled(match) || target === null || workspace === null) return { match, ran: null };
  const ran = await readRuns(workspace, await readJobId(workspace, target, signal.labels));
  const about = ran.runs.known ? runBehind(signal, ran.runs.value) : null;
  if (about === null) return { match, ran };
  const readings = about === (ran.runs.known && latestFinished(ran.runs.value)) ? ran : await readFailure(workspace, about);
  return { match: matchFailure(match, failureOf(about, readings), signal, all), ran };
}

const noTarget = [{ remedy: 'all', why: 'target_unknown: no target of .github/sluice.yml matches this alert' }];

function withoutRunbook(match: Exclude<RunbookMatch, { found: 'one' }>): Investigation {
  const runbooks = match.found === 'tie' ? match.runbooks : match.considered;
  return {
    diagnosis: undiagnosed(),
    blocked: [],
    evidence: [],
    plan: null,
    rejected: [],
    match: { found: match.found, runbooks },
  };
}

/** Everything at once: Prometheus, node types and the job's id; then settings and runs; the stages as soon as the runs are known. */
async function gather(
  input: InvestigateInput,
  runbook: Runbook,
  parameters: Readonly<Record<string, string>>,
  reads: InvestigationReads,
  at: Date,
  ran: RunReadings | null,
): Promise<Gathered> {
  const { workspace, metrics } = reads;
  const jobId =
    input.target === null ? Promise.resolve(unknown('no target')) : readJobId(workspace, input.target, input.signal.labels);
  const told = input.target?.job?.by === 'name' ? input.signal.labels.job_id : undefined;
  const runs = ran === null ? ofJob(jobId, told, (id) => readRuns(workspace, id)) : Promise.resolve(ran);
  const [signals, checks, live, ranNow, stages, nodeTypes, id] = await Promise.all([
    Promise.all(
      runbook.signals
        .filter(isPrometheus)
        .map(async (signal) => [signal.name, await readSignal(metrics, signal, parameters, at)] as const),
    ),
    readChecks(runbook, parameters, reads, at),
    ofJob(jobId, told, (found) => readJob(workspace, found)),
    runs,
    needsStages(runbook) ? runs.then((found) => readStages(reads, found.runs, input.signal.labels)) : unknown('not asked for'),
    workspace === null ? unknown('no workspace is configured') : workspace.details.nodeTypes(),
    jobId,
  ]);
  return { signals: new Map(signals), checks, live, runs: ranNow, stages, nodeTypes, jobId: id };
}

/**
 * Reads about a job while its id is still awaited: the id that an alert tells is tried at once, and what comes of it counts only when the
 * workspace gives the target's job that very id.
 */
function ofJob<T>(id: Promise<Known<string>>, told: string | undefined, read: (id: Known<string>) => Promise<T>): Promise<T> {
  if (told === undefined || !/^\d{1,19}$/.test(told)) return id.then(read);
  const early = read(known(told));
  // Where it is not used, nobody else would hear of its failure.
  early.catch(() => undefined);
  return id.then((found) => (found.known && found.value === told ? early : read(found)));
}

type PrometheusSignal = RunbookSignal & { readonly query: Extract<RunbookSignal['query'], { from: 'prometheus' }> };

function isPrometheus(signal: RunbookSignal): signal is PrometheusSignal {
  return signal.query.from === 'prometheus';
}

async function readChecks(
  runbook: Runbook,
  parameters: Readonly<Record<string, string>>,
  { metrics }: InvestigationReads,
  at: Date,
) {
  const asked = runbook.verify.checks.filter((check) => check.source === 'prometheus');
  const read = asked.map(async (check) => {
    const bound = bindQuery(check.query, parameters);
    return [check.name, bound.ok ? await readNumber(metrics, bound.value, check.unit, at) : null] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
