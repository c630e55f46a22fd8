import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startPlant } from '../../src/twin/databricks/plant.ts';
import { clientOf, unasked, worldOf } from '../support/mcp.ts';
import { rehearsalStart } from '../support/rehearsal.ts';

/** Characters of each tool's description and of its schemas as they were reviewed; a token is about four. */
const REVIEWED: Readonly<Record<string, { readonly description: number; readonly input: number; readonly output: number }>> =
  JSON.parse(readFileSync('test/doors/mcp-sizes.json', 'utf8'));
const GROWTH = 1.05;

async function sizes() {
  const plant = await startPlant({ workloads: [], start: rehearsalStart });
  const { tools } = await (await clientOf(worldOf(plant, { proposer: unasked }))).listTools();
  await plant.close();
  const of = tools.map(({ name, description = '', inputSchema, outputSchema }) => [
    name,
    {
      description: description.length,
      input: JSON.stringify(inputSchema).length,
      output: JSON.stringify(outputSchema).length,
    },
  ]);
  return { tools, sizes: Object.fromEntries(of) };
}

test('no description and no schema of a tool grows by more than 5 % without review, and the list stays within 7,000 tokens', async () => {
  const { tools, sizes: now } = await sizes();
  const grown = Object.entries(REVIEWED).flatMap(([name, reviewed]) =>
    (['description', 'input', 'output'] as const)
      .filter((part) => now[name][part] > reviewed[part] * GROWTH)
      .map((part) => `${name} ${part}: ${reviewed[part]} → ${now[name][part]}`),
  );
  const tokens = (of: unknown) => Math.round(JSON.stringify(of).length / 4);
  const given = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  console.log(
    `tools/list: ${tools.length} tools, about ${tokens(tools)} tokens, of which a model is given ${tokens(given)}; without rollout_config ${tokens(tools.filter((tool) => tool.name !== 'rollout_config'))}`,
  );

  expect(Object.keys(now)).toEqual(Object.keys(REVIEWED));
  expect(grown).toEqual([]);
  expect(tokens(tools)).toBeLessThan(7000);
});
