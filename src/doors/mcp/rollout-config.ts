import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { investigate } from '../../flow/investigate.ts';
import { propose } from '../../flow/propose.ts';
import { readJobId } from '../../flow/reads.ts';
import type { Config } from '../../model/config.ts';
import type { Investigation, Plan } from '../../model/plan.ts';
import type { RunbookFile } from '../../model/runbook.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import { matchOf } from '../cli/checkout.ts';
import type { AppPorts } from '../wiring.ts';
import { answering, faulty, ToolRefusal } from './answer.ts';
import { reasonFor, runbooksFor } from './asked-change.ts';
import type { Tell } from './progress.ts';
import { changeShape, changesOf } from './shapes.ts';
import type { McpWorld, Proposer } from './sources.ts';

const input = z.strictObject({
  change: z.strictObject({
    incident: z.number().int().positive().describe('number of the incident’s issue'),
    key: z
      .string()
      .min(1)
      .max(200)
      .describe('a key that a remedy of the incident’s runbook edits, such as spark.sql.shuffle.partitions'),
    value: z
      .union([z.number().min(-1e12).max(1e12), z.string().max(200), z.boolean()])
      .describe('the new value; sizes in bytes as a number'),
  }),
  target: z.string().min(1).max(63).describe('name of the target in .github/sluice.yml'),
});
const output = z.strictObject({
  ...{ pull: z.number(), head_sha: z.string(), branch: z.string(), already: z.boolean() },
  changes: z.array(changeShape),
  next: z.string(),
});

type Asked = z.infer<typeof input>;
type ChangePlan = Extract<Plan, { kind: 'change' }>;

/** Truthful to its end: once an owner has approved what it opens, production changes. A second call finds the first proposal. */
const OPENING = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true } as const;

/** `rollout_config`: opens the pull request of one step that the engine, asked again on live facts, agrees to. It applies nothing. */
export function registerRolloutConfig(server: McpServer, proposer: NonNullable<McpWorld['proposer']>): void {
  server.registerTool(
    'rollout_config',
    {
      title: 'Propose a setting',
      description:
        'Opens a pull request that sets one key of a target, for an open incident. The engine reads the evidence again and refuses a key, value or moment that no remedy of the runbook permits. Applies nothing: an owner of every changed file must approve, and the person whose token this is cannot.',
      inputSchema: input,
      outputSchema: output,
      annotations: OPENING,
    },
    (asked, call) => answering(call, async (tell) => rolloutConfig(asked, await proposer(), tell)),
  );
}

async function rolloutConfig(asked: Asked, { ports, shaper }: Proposer, tell: Tell) {
  const { entries, signal } = await incidentOf(asked.change.incident, ports);
  const { config, target, commit } = await policyFor(asked, signal, ports);
  const before = entries.findLast((entry) => entry.what === 'proposed' && entry.kind !== 'rollback');
  const open = before?.what === 'proposed' ? await ports.proposals.find(before.branch) : null;
  if (open?.state === 'open')
    return answerOf(open, [], `#${open.number} is open for this incident already: one step at a time.`, true);

  tell('incident and config read');
  const { runbooks } = await ports.config.runbooks(commit);
  const { investigation, plan } = await planFor(asked, { signal, target, config, commit }, runbooks, ports);
  tell('evidence read again');
  const workspace = ports.reads(target.workspace).workspace;
  const jobId = await readJobId(workspace, target, signal.labels);
  const sequence = 1 + new Set(entries.flatMap((entry) => (entry.what === 'proposed' ? [entry.pull] : []))).size;
  const order = { incident: asked.change.incident, investigation, plan, target, config, base: commit, sequence, shaper };
  const proposal = await propose({ ...order, host: workspace?.host ?? null, jobId: jobId.known ? jobId.value : null }, ports);
  if (!proposal)
    throw new ToolRefusal(
      'not_permitted',
      'every branch name for this incident is taken by somebody else',
      'Delete the branches sluice/… that nobody needs.',
    );
  const next = `An owner of every changed file approves with /approve ${proposal.headSha} on #${proposal.number}; nothing is applied before.`;
  return answerOf(proposal, plan.changes, next, false);
}

/** An open incident, with its newest alert as the App signed it. */
async function incidentOf(number: number, ports: AppPorts) {
  const thread = await ports.issues.thread(number).catch(() => null);
  const entries = thread ? (await ports.history.read(number)).entries : [];
  const signal = entries.findLast((entry) => entry.what === 'signal')?.signal;
  if (signal && thread?.state === 'open') return { entries, signal };
  throw new ToolRefusal(
    'facts_unavailable',
    signal ? `the incident #${number} is closed` : `#${number} is no incident that can be read`,
    'Give the number of an open issue that Sluice opened; check SLUICE_RECORD_KEY.',
  );
}

/** The config of the default branch, and the incident's own target: a model can choose neither another one nor another mode. */
async function policyFor({ change, target: name }: Asked, signal: Signal, ports: AppPorts) {
  const policy = await ports.config.config();
  if (!policy.ok) throw faulty(policy.faults);
  const config = policy.value;
  if (config.mode === 'shadow')
    throw new ToolRefusal(
      'not_permitted',
      'the repository is in mode: shadow, which opens no pull requests',
      'A person sets mode: propose or execute in .github/sluice.yml.',
    );
  const match = matchOf(config, signal);
  if (match.kind !== 'target' || match.target.name !== name)
    throw new ToolRefusal(
      'target_mismatch',
      `#${change.incident} is not about the target ${name}`,
      `Use its own target: ${match.candidates.join(', ') || 'it has none'}.`,
    );
  return { config, target: match.target, commit: policy.commit };
}

interface Context {
  readonly signal: Signal;
  readonly target: Target;
  readonly config: Config;
  readonly commit: string;
}

/** The engine's own plan with only the asked key and value to choose from; refuses where it is not exactly that. */
async function planFor(
  { change }: Asked,
  { signal, target, config, commit }: Context,
  runbooks: readonly RunbookFile[],
  ports: AppPorts,
): Promise<{ readonly investigation: Investigation; readonly plan: ChangePlan }> {
  const read = await Promise.all(target.files.map(async (path) => ({ path, file: await ports.content.read(path, commit) })));
  const files = read.flatMap(({ path, file }) => (file ? [{ path, text: file.text }] : []));
  const narrowed = runbooksFor(runbooks, change.key, change.value);
  const request = { signal, target, runbooks: narrowed, files, config };
  const investigation = await investigate(request, ports.reads(target.workspace), ports.clock);
  const { plan, rejected, diagnosis } = investigation;
  if (plan?.kind !== 'change') {
    const why = rejected.map((one) => one.why).join('; ') || 'no remedy of its runbook answers this with that key';
    throw new ToolRefusal(
      'not_permitted',
      `the diagnosis is ${diagnosis.outcome}: ${why}`,
      'Ask suggest_conf for the step that the evidence supports.',
    );
  }
  const [only] = plan.changes;
  if (only && only.reason !== reasonFor(narrowed, change.key, only.reason))
    throw new ToolRefusal('limit_exceeded', only.reason, 'Ask for no more than one step.');
  return { investigation, plan };
}

function answerOf(
  proposal: { readonly number: number; readonly headSha: string; readonly branch: string },
  changes: ChangePlan['changes'],
  next: string,
  already: boolean,
) {
  return {
    ...{ pull: proposal.number, head_sha: proposal.headSha, branch: proposal.branch, already },
    ...{ changes: changesOf(changes), next },
  };
}
