import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type McpToken, parseMcpTokens } from '../../schema/mcp-tokens.ts';

/** Digits of its hash by which people name a token. */
const SHORT = 12;

/** The tokens of a file; none where there is no such file. Throws when it cannot be read as one. */
export function readTokens(file: string): readonly McpToken[] {
  return existsSync(file) ? parseMcpTokens(readFileSync(file, 'utf8')) : [];
}

/** Whole or not at all: a door that reads meanwhile sees the old list or the new one. Only its owner may read it. */
export function writeTokens(file: string, tokens: readonly McpToken[]): void {
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(next, `${JSON.stringify({ tokens }, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** A token that nobody can guess: 256 random bits, so that a plain hash of it tells nothing. */
export function newToken(): string {
  return `sluice_mcp_${randomBytes(32).toString('base64url')}`;
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function nameOf({ sha256 }: McpToken): string {
  return sha256.slice(0, SHORT);
}

/** The token that was said. Every one is compared, each in constant time. */
export function tokenSaid(said: string, tokens: readonly McpToken[]): McpToken | null {
  const digest = Buffer.from(hashOf(said), 'hex');
  return tokens.filter((token) => timingSafeEqual(Buffer.from(token.sha256, 'hex'), digest))[0] ?? null;
}
