import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import type { Config } from '../../model/config.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import { plainText } from '../../schema/outside-text.ts';
import { matchOf } from '../cli/checkout.ts';
import { answering, bound, boundShape, READING, ToolRefusal } from './answer.ts';
import type { McpWorld } from './sources.ts';

const MOST_TARGETS = 50;

export const labelsShape = z.record(z.string().max(128), z.string().max(1024)).describe('the alert’s labels');

const input = z.strictObject({
  alertname: z.string().max(128).optional(),
  labels: labelsShape.optional(),
  name: z.string().max(63).optional().describe('a target by its name, instead of labels'),
});

const output = z.strictObject({
  mode: z.string().describe('shadow posts plans only; propose opens drafts; execute lets the gate merge and the Action apply'),
  target: z
    .strictObject({
      ...{ name: z.string(), line: z.number(), files: z.array(z.string()), kind: z.string(), applied_by: z.string() },
      ...{ workspace: z.string().nullable(), job: z.string().nullable(), task: z.string().nullable(), rerun: z.string() },
      streaming: z.boolean(),
    })
    .nullable()
    .describe('the one that is meant; null: none or several, or none was asked for'),
  candidates: z.array(z.string()).describe('targets whose matchers match, the most specific first'),
  suggestion: z.string().describe('what a person could add to .github/sluice.yml where nothing matches'),
  targets: z.array(z.string()).describe('names of all targets'),
  ...boundShape,
});

/** `find_target`: which target an alert means, and what may be changed there; without labels, which there are. */
export function registerFindTarget(server: McpServer, world: McpWorld): void {
  server.registerTool(
    'find_target',
    {
      title: 'Find a target',
      description:
        'Says which target of .github/sluice.yml an alert’s labels mean: its files, job and workspace, and who applies its changes. Without labels it lists the targets. Only reads.',
      inputSchema: input,
      outputSchema: output,
      annotations: READING,
    },
    (asked, call) => answering(call, () => findTarget(asked, world)),
  );
}

async function findTarget({ alertname = '', labels, name }: z.infer<typeof input>, world: McpWorld) {
  const { config } = await world.project.rules();
  if (config === null)
    throw new ToolRefusal(
      'config_missing',
      'there is no .github/sluice.yml',
      'A person must add one, or start sluice mcp with --repo and a checkout that has one.',
    );
  const match = labels === undefined ? null : matchOf(config, signalFor(alertname, labels));
  const matched = match?.kind === 'target' ? match.target : null;
  const target = name === undefined ? matched : targetNamed(name, config);
  const names = config.targets.map((one) => one.name);
  return {
    mode: config.mode,
    target: target && targetOf(target),
    candidates: (match?.candidates ?? []).slice(0, MOST_TARGETS),
    suggestion: match?.kind === 'unknown' ? match.suggestion : '',
    targets: names.slice(0, MOST_TARGETS),
    ...bound(names.length > MOST_TARGETS && `Only ${MOST_TARGETS} of ${names.length} names are shown: give labels, or a name.`),
  };
}

/** A target of the config by its name; refuses, naming those that there are. */
export function targetNamed(name: string, config: Pick<Config, 'targets'> | null): Target {
  const targets = config?.targets ?? [];
  const found = targets.find((target) => target.name === name);
  if (found) return found;
  const names = targets.slice(0, MOST_TARGETS).map((target) => target.name);
  throw new ToolRefusal(
    'target_unknown',
    `there is no target ${name}`,
    `Use one of: ${names.join(', ') || 'none'}; or give job_id or labels instead.`,
  );
}

export function cleaned(labels: Signal['labels']): Signal['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [plainText(name, 128), plainText(value, 1024)]));
}

function signalFor(alertname: string, labels: Signal['labels']): Signal {
  return {
    ...{ source: 'dispatch', status: 'firing', alertname: plainText(alertname, 128), labels: cleaned(labels) },
    ...{ annotations: {}, startsAt: '', endsAt: null, fingerprint: '' },
  };
}

function targetOf({ name, line, files, kind, appliedBy, workspace, job, taskKey: task, rerun, streaming }: Target) {
  const of = { name, line, files: [...files], kind, applied_by: appliedBy, workspace, task, rerun, streaming };
  if (job === null) return { ...of, job: null };
  return { ...of, job: job.by === 'id' ? job.id : job.by === 'name' ? job.name : `${job.resource} of ${job.bundleTarget}` };
}
