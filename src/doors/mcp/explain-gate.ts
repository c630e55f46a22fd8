import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { explainChange } from '../../flow/explain.ts';
import type { GateFacts } from '../../model/gate.ts';
import type { Verdict } from '../../model/verdict.ts';
import { plainText } from '../../schema/outside-text.ts';
import { answering, bound, boundShape, evidenceOf, evidenceShape, READING, ToolRefusal } from './answer.ts';
import type { Tell } from './progress.ts';
import type { McpWorld } from './sources.ts';

const MOST_ROWS = 30;
const MOST_TEXT = 300;

const input = z.strictObject({ pull: z.number().int().positive().describe('number of the pull request') });

const output = z.strictObject({
  ...{ pull: z.number(), state: z.string(), head: z.string().nullable() },
  applies: z.boolean().describe('false: no file of a target is changed there, and the gate has nothing to say'),
  verdict: z.enum(['allow', 'wait', 'deny']).describe('of the gate now; only people approve, with /approve on GitHub'),
  reasons: z
    .array(z.strictObject({ code: z.string(), subject: z.string(), expected: z.string(), observed: z.string() }))
    .describe('what stands in the way, each with what was needed and what was there'),
  approvals: z.array(z.strictObject({ login: z.string(), sha: z.string(), at: z.string() })).describe('those that count'),
  not_counted: z.array(z.strictObject({ login: z.string(), code: z.string(), why: z.string() })),
  needed: z.array(z.strictObject({ path: z.string(), owners: z.array(z.string()), approved_by: z.array(z.string()) })),
  ...{ required: z.number(), opens_at: z.string().nullable(), evidence: evidenceShape, ...boundShape },
});

/** `explain_gate`: what `sluice explain` says of a pull request. It decides nothing: the gate is asked anew by whoever acts. */
export function registerExplainGate(server: McpServer, world: McpWorld): void {
  server.registerTool(
    'explain_gate',
    {
      title: 'Explain the gate',
      description:
        'Says what the gate holds against an open pull request now: the verdict, each reason, which approvals count and whose are missing. Only reads; nothing here approves or merges.',
      inputSchema: input,
      outputSchema: output,
      annotations: READING,
    },
    (asked, call) => answering(call, (tell) => explainGate(asked, world, tell)),
  );
}

async function explainGate({ pull }: z.infer<typeof input>, world: McpWorld, tell: Tell) {
  const desk = await world.desk();
  tell('asking GitHub for the change, its approvals and its owners');
  const { facts, verdict } = await explainChange({ moment: 'open', pull }, desk);
  const { pull: found } = facts.change;
  if (!found.known)
    throw new ToolRefusal(
      'facts_unavailable',
      `the pull request #${pull} could not be read: ${found.why}`,
      'Give the number of a pull request of this repository; check what the token may read.',
    );
  return { pull, state: found.value.state, ...documentOf(verdict), evidence: evidenceOfFacts(facts) };
}

function documentOf({ verdict, applies, head, reasons, counted, dropped, needed, required, opensAt }: Verdict) {
  const words = (text: string) => plainText(text, MOST_TEXT);
  const cut = Math.max(reasons.length, counted.length, dropped.length, needed.length) > MOST_ROWS;
  return {
    ...{ head, applies, verdict: applies ? verdict : ('allow' as const) },
    reasons: (applies ? reasons : []).slice(0, MOST_ROWS).map(({ code, subject, expected, observed }) => ({
      ...{ code, subject: words(subject), expected: words(expected), observed: words(observed) },
    })),
    approvals: counted.slice(0, MOST_ROWS).map(({ person, sha, at }) => ({ login: person.login, sha, at })),
    not_counted: dropped.slice(0, MOST_ROWS).map(({ login, code, detail }) => ({ login, code, why: words(detail) })),
    needed: needed.slice(0, MOST_ROWS).map(({ path, owners, approvedBy }) => ({
      ...{ path: words(path), owners: owners.slice(0, MOST_ROWS), approved_by: [...approvedBy] },
    })),
    ...{ required, opens_at: opensAt },
    ...bound(cut && `Only ${MOST_ROWS} of each are shown: a person sees all with sluice explain --json.`),
  };
}

function evidenceOfFacts({ change, live }: GateFacts) {
  const { delta, commits, comments, timeline, pushes } = change;
  const { recovered, asked } = live;
  return evidenceOf({ changed_files: delta, commits, comments, timeline, pushes, recovered, who_asked: asked });
}
