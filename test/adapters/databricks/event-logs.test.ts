import { describe, expect, test } from 'vitest';
import { createWorkspaceLogs } from '../../../src/adapters/databricks/event-logs.ts';

const MIB = 1024 * 1024;
const folder = '/Volumes/main/ops/logs/1120-a/eventlog';

/** A workspace that keeps one event log of so many bytes on a volume; it answers a range as it is asked to. */
function workspace(size: number, ranges: 'kept' | 'ignored', most = size) {
  const content = Buffer.alloc(size, 'x').fill('y', Math.floor(size / 2));
  const asked: (string | null)[] = [];
  const answer = async (input: string | URL | Request, init?: RequestInit) => {
    const { pathname } = new URL(String(input));
    if (pathname.endsWith('/clusters/get'))
      return Response.json({ cluster_id: '1120-a', cluster_log_conf: { volumes: { destination: '/Volumes/main/ops/logs' } } });
    if (pathname.includes('/fs/directories/'))
      return Response.json({ contents: [{ path: `${folder}/eventlog`, is_directory: false, file_size: size }] });
    const range = new Headers(init?.headers).get('range');
    asked.push(range);
    const [, from = '0', to = String(size - 1)] = /^bytes=(\d+)-(\d+)$/.exec(ranges === 'kept' ? (range ?? '') : '') ?? [];
    if (Number(from) >= most) return Response.json({ error_code: 'NOT_FOUND', message: 'gone' }, { status: 404 });
    return new Response(content.subarray(Number(from), Number(to) + 1), { status: range === null ? 200 : 206 });
  };
  const logs = createWorkspaceLogs({
    name: 'prod',
    host: 'https://dbc-1.cloud.databricks.com',
    token: 't',
    patience: 0,
    fetch: answer,
  });
  const read = async () => {
    const found = await logs.logs('1120-a');
    if (!found.known) throw new Error(found.why);
    const parts: Uint8Array[] = [];
    for (const log of found.value) for await (const part of log.bytes()) parts.push(part);
    return Buffer.concat(parts).equals(content);
  };
  return { asked, read };
}

describe('an event log on a volume', () => {
  test('that is small is asked for at once', async () => {
    const { asked, read } = workspace(100, 'kept');

    expect([await read(), asked]).toEqual([true, [null]]);
  });

  test('that is large is asked for in pieces', async () => {
    const { asked, read } = workspace(40 * MIB, 'kept');

    expect([await read(), asked]).toEqual([true, ['bytes=0-16777215', 'bytes=16777216-33554431', 'bytes=33554432-41943039']]);
  });

  test('is taken whole from a server that knows no ranges', async () => {
    const { asked, read } = workspace(40 * MIB, 'ignored');

    expect([await read(), asked.length]).toEqual([true, 1]);
  });

  test('whose next piece cannot be read ends with the reason, not as if it were whole', async () => {
    await expect(workspace(40 * MIB, 'kept', 16 * MIB).read()).rejects.toThrow(/^missing: /);
  });
});
