import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { type InvestigateInput, investigate } from '../../flow/investigate.ts';
import { readJob, readJobId } from '../../flow/reads.ts';
import type { Investigation } from '../../model/plan.ts';
import type { RunbookFile } from '../../model/runbook.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import type { InvestigationReads } from '../../ports.ts';
import { plainText } from '../../schema/outside-text.ts';
import { metricsNamed } from '../../schema/settings.ts';
import { matchOf, targetForReading } from '../cli/checkout.ts';
import { answering, bound, boundShape, READING } from './answer.ts';
import { cleaned, labelsShape, targetNamed } from './find-target.ts';
import type { Tell } from './progress.ts';
import { changeShape, changesOf, numericId } from './shapes.ts';
import { type McpWorld, readsFrom, workspaceNamed } from './sources.ts';

const MOST_TEXT = 400;

const input = z.strictObject({
  problem: z
    .string()
    .min(1)
    .max(500)
    .describe('the alert’s name, a runbook’s id, or what is seen, such as "consumer lag" or "OutOfMemoryError"'),
  plan_context: z
    .strictObject({
      target: z.string().max(63).optional().describe('name of a target in .github/sluice.yml'),
      job_id: numericId.optional(),
      task_key: z.string().max(200).optional().describe('the task, where the job has several and no target is known'),
      labels: labelsShape.optional(),
      workspace: z.string().max(63).optional(),
    })
    .describe('what the problem is about: the target, or the job, or the alert’s labels'),
});

const observed = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));
const output = z.strictObject({
  ...{ runbook: z.string().nullable(), outcome: z.string() },
  causes: z.array(z.strictObject({ id: z.string(), outcome: z.string(), explanation: z.string(), rule: z.string(), observed })),
  suggestion: z
    .strictObject({
      kind: z.string().describe('change (a setting), action (a run), or advice (people must act)'),
      ...{ title: z.string(), risk: z.string(), impact: z.string(), reason: z.string() },
      changes: z.array(changeShape),
      also_changes: z.array(z.string()),
    })
    .nullable()
    .describe('the one smallest step, computed from evidence; null: no configuration change is called for or can be computed'),
  rejected: z.array(z.strictObject({ remedy: z.string(), why: z.string() })).describe('considered and not chosen, and why'),
  blocked: z
    .array(z.strictObject({ rule: z.string(), unknown: z.array(z.strictObject({ name: z.string(), why: z.string() })) }))
    .describe('rules that could not be judged, and what was unknown'),
  evidence: z.array(
    z.strictObject({
      ...{ id: z.string(), name: z.string(), query: z.string(), window: z.string(), unit: z.string() },
      ...{ value: z.union([z.number(), z.string(), z.boolean(), z.null()]), quality: z.string(), at: z.string() },
    }),
  ),
  ...boundShape,
});

/** `suggest_conf`: the engine's own diagnosis and step for a problem, by the same flow and the same table of keys as a plan. */
export function registerSuggestConf(server: McpServer, world: McpWorld): void {
  server.registerTool(
    'suggest_conf',
    {
      title: 'Suggest a setting',
      description:
        'Diagnoses a problem by its runbook and computes the one smallest configuration step from evidence; refuses steps that have no effect, and says why. Only reads and changes nothing.',
      inputSchema: input,
      outputSchema: output,
      annotations: READING,
    },
    (asked, call) => answering(call, (tell) => suggestConf(asked, world, tell)),
  );
}

async function suggestConf({ problem, plan_context: context }: z.infer<typeof input>, world: McpWorld, tell: Tell) {
  const now = await world.clock.now();
  const labels = { ...cleaned(context.labels ?? {}), ...(context.job_id && { job_id: context.job_id }) };
  const asked = signalOf(problem, labels, now);
  const [{ config, limits }, runbooks] = await Promise.all([world.project.rules(), world.project.runbooks()]);
  tell('config and runbooks read');
  const match = matchOf(config, asked);
  const matched = match.kind === 'target' ? match.target : null;
  const target = context.target === undefined ? matched : targetNamed(context.target, config);
  const reads = await readsOfContext(world, target?.workspace ?? context.workspace ?? null, tell);
  const about = target ?? targetForReading(labels, context.task_key ?? null);
  const files = target ? await world.project.filesOf(target) : await liveFile(about, labels, reads);
  const signal = { ...asked, alertname: alertnameFor(problem, runbooks) };
  const request: InvestigateInput = { signal, target: about, runbooks, files, config: { limits } };
  return documentOf(await investigate(request, reads, world.clock));
}

function signalOf(problem: string, labels: Signal['labels'], now: Date): Signal {
  const plain = plainText(problem, 500);
  const times = { startsAt: now.toISOString(), endsAt: null };
  return {
    source: 'dispatch',
    status: 'firing',
    alertname: plain,
    labels,
    annotations: { problem: plain },
    ...times,
    fingerprint: '',
  };
}

/** A runbook's id or title stands for its first alert. */
function alertnameFor(problem: string, runbooks: readonly RunbookFile[]): string {
  const meant = runbooks.find(({ runbook }) => runbook.id === problem || runbook.title === problem);
  return meant?.runbook.alertnames[0] ?? plainText(problem, 128);
}

/** Whatever is configured is read; only where nothing is, the setting to make is said. */
async function readsOfContext(world: McpWorld, workspace: string | null, tell: Tell): Promise<InvestigationReads> {
  const { spark } = world;
  const metrics = metricsNamed(world.metrics, workspace);
  if (metrics && (await world.workspaces()).length === 0) return readsFrom({ metrics, spark }, tell);
  return readsFrom({ workspace: await workspaceNamed(world, workspace ?? undefined), metrics, spark }, tell);
}

/** Without files in Git the live settings are what a suggestion speaks of. */
async function liveFile(target: Target, labels: Signal['labels'], { workspace }: InvestigationReads) {
  const job = await readJob(workspace, await readJobId(workspace, target, labels));
  return job.known ? [{ path: 'live-settings.json', text: job.value.settings }] : [];
}

function documentOf({ diagnosis, blocked, evidence, plan, rejected, match }: Investigation) {
  const none = {
    remedy: 'all',
    why: `runbook_none: ${match.found === 'tie' ? 'these fit equally well' : 'none fits; considered'}: ${match.runbooks.join(', ') || 'no runbook'}`,
  };
  return {
    ...{ runbook: diagnosis.runbook, outcome: diagnosis.outcome },
    causes: diagnosis.causes.map(({ id, outcome, explanation, rule, observed }) => ({
      id,
      outcome,
      explanation,
      rule,
      observed,
    })),
    suggestion: plan && {
      ...{ kind: plan.kind, title: plan.title, risk: plan.risk, impact: plan.impact },
      reason:
        plan.kind === 'change'
          ? (plan.changes[0]?.reason ?? '')
          : plan.kind === 'advice'
            ? `${plan.who}: ${plan.what}`
            : plan.title,
      changes: plan.kind === 'change' ? changesOf(plan.changes) : [],
      also_changes: plan.alsoChanges.map((text) => plainText(text, MOST_TEXT)),
    },
    rejected: (match.found === 'one' ? rejected : [none]).map(({ remedy, why }) => ({ remedy, why: plainText(why, MOST_TEXT) })),
    blocked: blocked.map(({ rule, unknown }) => ({
      rule,
      unknown: unknown.map(({ name, why }) => ({ name, why: plainText(why, MOST_TEXT) })),
    })),
    evidence: evidence.map(({ id, name, query, window, unit, value, quality, at }) => ({
      ...{ id, name, query: plainText(query, MOST_TEXT), window: plainText(window, 100), unit },
      ...{ value: typeof value === 'string' ? plainText(value, 200) : value, quality, at },
    })),
    ...bound(
      evidence.some((one) => one.points.length > 0) &&
        'Points of ranges are left out: ask get_metric for a query and window of the evidence.',
    ),
  };
}
