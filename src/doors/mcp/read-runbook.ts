import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import type { RunbookFile } from '../../model/runbook.ts';
import { answering, bound, boundShape, READING, ToolRefusal } from './answer.ts';
import type { McpWorld } from './sources.ts';

const MOST_RUNBOOKS = 50;
/** About 3,000 tokens: a runbook has a page or two. */
const MOST_TEXT = 12_000;

const input = z.strictObject({
  id: z.string().max(100).optional().describe('the id of a runbook; left out, the runbooks are listed'),
  from: z.number().int().min(0).default(0).describe('the character to start from, where an earlier answer was truncated'),
});

const output = z.strictObject({
  runbooks: z.array(z.strictObject({ id: z.string(), title: z.string(), alertnames: z.array(z.string()) })),
  text: z.string().describe('front matter with signals, rules and remedies, then what people know'),
  ...{ characters: z.number(), ...boundShape },
});

/** `read_runbook`: the runbooks, or one of them; the same texts as the resources, for clients whose model cannot read those. */
export function registerReadRunbook(server: McpServer, world: McpWorld): void {
  server.registerTool(
    'read_runbook',
    {
      title: 'Read a runbook',
      description:
        'Lists the runbooks with the alerts they answer, or reads one: its signals with PromQL, rules with thresholds, remedies with limits, and how a change is verified. Only reads.',
      inputSchema: input,
      outputSchema: output,
      annotations: READING,
    },
    (asked, call) => answering(call, () => readRunbook(asked, world)),
  );
}

async function readRunbook({ id, from }: z.infer<typeof input>, { project }: McpWorld) {
  const all = await project.runbooks();
  if (id === undefined) {
    const cut = all.length > MOST_RUNBOOKS && `Only ${MOST_RUNBOOKS} of ${all.length} are shown: give the id of one.`;
    return { runbooks: all.slice(0, MOST_RUNBOOKS).map(listed), text: '', characters: 0, ...bound(cut) };
  }
  const file = all.find(({ runbook }) => runbook.id === id);
  if (!file) {
    const ids = all.slice(0, MOST_RUNBOOKS).map(({ runbook }) => runbook.id);
    throw new ToolRefusal('runbook_none', `there is no runbook ${id}`, `Use one of: ${ids.join(', ') || 'none'}.`);
  }
  const text = await project.textOf(file);
  const next = from + MOST_TEXT;
  const cut = next < text.length && `Ask again with from: ${next} for the rest.`;
  return { runbooks: [listed(file)], text: text.slice(from, next), characters: text.length, ...bound(cut) };
}

function listed({ runbook: { id, title, alertnames } }: RunbookFile) {
  return { id, title, alertnames: alertnames.slice(0, 20) };
}
