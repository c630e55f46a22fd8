import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { onTestFinished } from 'vitest';
import { checkoutProject } from '../../src/doors/mcp/project.ts';
import type { McpWorld } from '../../src/doors/mcp/sources.ts';
import { createMcp } from '../../src/doors/mcp.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { clockOf } from './rehearsal.ts';

/** Every tool that only reads, in the order of the list. */
export const READS = [
  ...['get_metric', 'get_job_status', 'suggest_conf', 'get_run', 'get_stages', 'find_target', 'read_runbook'],
  ...['list_incidents', 'get_incident', 'explain_gate'],
];

/** This checkout and a plant, without GitHub. */
export function worldOf(plant: Plant, change: Partial<McpWorld> = {}): McpWorld {
  return {
    workspaces: async () => [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read }],
    metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }],
    spark: null,
    clock: clockOf(plant),
    project: checkoutProject('.'),
    desk: unasked,
    proposer: null,
    ...change,
  };
}

export async function unasked(): Promise<never> {
  throw new Error('nothing here asks GitHub');
}

/** A client of that world, closed with its test. */
export async function clientOf(world: McpWorld): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([createMcp(world).connect(far), client.connect(near)]);
  onTestFinished(() => client.close());
  return client;
}

/** A tool's document, or its error as `{isError, error}`. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads the answer as a client does, by its field names.
export async function ask(client: Client, name: string, args: Record<string, unknown> = {}): Promise<any> {
  // The client holds structured content against the output schema only for tools that it has listed.
  await client.listTools();
  const answer = await client.callTool({ name, arguments: args });
  const [first] = Array.isArray(answer.content) ? answer.content : [];
  const text = String(first?.text);
  return answer.isError ? { isError: true, ...(text.startsWith('{') ? JSON.parse(text) : { text }) } : answer.structuredContent;
}
