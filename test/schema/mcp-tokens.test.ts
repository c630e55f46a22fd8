import { describe, expect, test } from 'vitest';
import { parseMcpTokens } from '../../src/schema/mcp-tokens.ts';

const token = {
  ...{ sha256: 'a'.repeat(64), scope: 'propose', repositories: ['acme/pipelines'], added: '2026-11-20T03:00:00Z' },
  user: { id: 11, login: 'olga' },
};
const fileOf = (change: object) => JSON.stringify({ tokens: [token, { ...token, ...change }] });

describe('a file of tokens', () => {
  test('is read as it stands', () => {
    expect(parseMcpTokens(fileOf({ scope: 'read', user: null }))).toEqual([token, { ...token, scope: 'read', user: null }]);
    expect(parseMcpTokens('{"tokens": []}')).toEqual([]);
  });

  test.each([
    ['a token that proposes for nobody', { user: null }],
    ['a scope that there is not', { scope: 'apply' }],
    ['no repository', { repositories: [] }],
    ['a repository that is none', { repositories: ['*'] }],
    ['a hash that is none', { sha256: 'sluice_mcp_secret' }],
    ['a user without an id', { user: { login: 'olga' } }],
    ['a field that is not known', { expires: 'never' }],
  ])('with %s is refused whole, saying where', (_, change) => {
    expect(() => parseMcpTokens(fileOf(change))).toThrow(/^tokens\.1/);
  });

  test('that is no JSON is refused', () => {
    expect(() => parseMcpTokens('tokens: []')).toThrow(/JSON/);
  });
});
