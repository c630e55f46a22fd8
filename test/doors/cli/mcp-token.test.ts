import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../../src/doors/mcp/tokens.ts';
import { parseMcpTokens } from '../../../src/schema/mcp-tokens.ts';
import { stage } from '../../support/github.ts';
import { build, document, folder, sluice } from './sluice.ts';

beforeAll(build);

const listIn = (file: string) => parseMcpTokens(readFileSync(file, 'utf8'));
const add = ['mcp', 'token', 'add', '--repo', 'acme/pipelines'];

describe('sluice mcp token', () => {
  test('add prints the token once and keeps its hash; list names it; remove takes it away', async () => {
    const file = join(folder(), 'tokens.json');
    const env = { SLUICE_MCP_TOKENS: file };
    const added = document(await sluice([...add, '--json'], { env }));
    const listed = document(await sluice(['mcp', 'token', 'list', '--json'], { env }));
    const text = readFileSync(file, 'utf8');
    const removed = document(await sluice(['mcp', 'token', 'remove', added.name, '--json'], { env }));

    expect(added).toMatchObject({ token: expect.stringMatching(/^sluice_mcp_[\w-]{43}$/), scope: 'read', user: null });
    expect(JSON.parse(text).tokens).toEqual([
      { sha256: hashOf(added.token), scope: 'read', repositories: ['acme/pipelines'], user: null, added: expect.any(String) },
    ]);
    expect(listed.tokens).toMatchObject([{ name: added.name, scope: 'read', repositories: ['acme/pipelines'] }]);
    expect(removed).toEqual({ removed: [added.name] });
    expect(listIn(file)).toEqual([]);
  });

  test('for people, only the token stands on standard output', async () => {
    const ended = await sluice([...add, '--file', join(folder(), 'tokens.json')]);

    expect(ended.stdout).toMatch(/^sluice_mcp_[\w-]{43}\n$/);
    expect(ended.stderr).toContain('shown once');
  });

  test('a token that proposes is bound to a person’s account as GitHub tells it', async () => {
    const { twin } = await stage();
    const file = join(folder(), 'tokens.json');
    const env = { GITHUB_API_URL: twin.url, GITHUB_TOKEN: 'tok-alice' };
    const asked = [...add, '--scope', 'propose', '--file', file];

    expect((await sluice([...asked, '--user', 'olga'], { env })).code).toBe(0);
    expect((await sluice([...asked, '--user', 'sluice[bot]'], { env })).code).toBe(1);
    expect((await sluice([...asked, '--user', 'no-such-person'], { env })).code).toBe(3);
    expect(listIn(file)).toMatchObject([{ scope: 'propose', user: { id: 11, login: 'olga' } }]);
  });

  test.each([
    ['no file', [...add], 2, /SLUICE_MCP_TOKENS/],
    ['a token that proposes for nobody', [...add, '--scope', 'propose', '--file', 'x'], 2, /--user/],
    ['a scope that there is not', [...add, '--scope', 'apply', '--file', 'x'], 2, /neither read nor propose/],
    ['a repository that is none', ['mcp', 'token', 'add', '--repo', 'acme', '--file', 'x'], 2, /owner\/name/],
    ['a file of something else', ['mcp', 'token', 'list', '--file', 'package.json'], 1, /package\.json: is no list of tokens/],
    ['a token that is not there', ['mcp', 'token', 'remove', 'abcdef', '--file', '/nowhere/x'], 1, /no token begins with/],
  ])('%s is refused with what to do', async (_, args, code, said) => {
    const ended = await sluice(args);

    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(said);
  });
});
