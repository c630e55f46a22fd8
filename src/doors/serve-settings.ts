import {
  type AlertToken,
  type ConfiguredMetrics,
  type ConfiguredSpark,
  type ConfiguredWorkspace,
  parseAlertTokens,
  parseMetricsServers,
  parseSpark,
  parseWorkspaces,
} from '../schema/settings.ts';
import type { HttpSettings } from './mcp/http.ts';
import { readTokens } from './mcp/tokens.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the App needs to start, read and checked before anything is asked of GitHub. */
export interface ServeSettings {
  readonly appId: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly applyAppId: number;
  readonly recordKey: string;
  readonly alertTokens: readonly AlertToken[];
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  readonly spark: ConfiguredSpark | null;
  readonly mcp: HttpSettings;
  /** 0 takes any free one. */
  readonly port: number;
}

/** Settings that are missing or of the wrong form, all of them; `fix` has a line for each. */
export class SettingFault extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** What each needed setting is, and where it comes from. */
const NEEDED = {
  APP_ID: 'the number on the settings page of the server App',
  PRIVATE_KEY: 'the text of a private key generated on that page; line ends may be written as \\n',
  WEBHOOK_SECRET: 'the secret given to that App’s webhook',
  SLUICE_APPLY_APP_ID: 'the number on the settings page of the apply App',
  SLUICE_RECORD_KEY: 'a secret of your own that signs the App’s marks, such as the output of: openssl rand -hex 32',
} as const;
const PORT = 'a number from 0 to 65535; 3000 by default, 0 takes any free one';
const ALERT_TOKENS = 'JSON: [{"sha256": "<hex of the token’s SHA-256>", "repositories": ["acme/pipelines"]}]';

/** Reads them all, or throws one fault that names every setting to mend. */
export function serveSettings(env: Environment): ServeSettings {
  const wrong: (readonly [name: string, how: string])[] = [];
  const missing = Object.entries(NEEDED).filter(([name]) => !env[name]);
  for (const name of ['APP_ID', 'SLUICE_APPLY_APP_ID'] as const)
    if (env[name] && !/^\d{1,15}$/.test(env[name])) wrong.push([name, NEEDED[name]]);
  const port = env.PORT || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) wrong.push(['PORT', PORT]);
  const attempt = <T>(read: () => T, how: (error: unknown) => readonly [string, string], fallback: T): T => {
    try {
      return read();
    } catch (error) {
      wrong.push(how(error));
      return fallback;
    }
  };
  const settings = {
    appId: env.APP_ID ?? '',
    privateKey: (env.PRIVATE_KEY ?? '').replaceAll('\\n', '\n'),
    webhookSecret: env.WEBHOOK_SECRET ?? '',
    applyAppId: Number(env.SLUICE_APPLY_APP_ID ?? 0),
    recordKey: env.SLUICE_RECORD_KEY ?? '',
    alertTokens: attempt(
      () => parseAlertTokens(env.SLUICE_ALERT_TOKENS),
      () => ['SLUICE_ALERT_TOKENS', ALERT_TOKENS],
      [],
    ),
    workspaces: attempt(
      () => parseWorkspaces(env),
      (error) => ['SLUICE_WORKSPACE_<NAME>_TOKEN', messageOf(error)],
      [],
    ),
    metrics: attempt(
      () => parseMetricsServers(env),
      (error) => ['SLUICE_PROMETHEUS_<NAME>_URL', messageOf(error)],
      [],
    ),
    spark: attempt(
      () => parseSpark(env),
      (error) => ['SLUICE_SPARK', messageOf(error)],
      null,
    ),
    mcp: attempt(
      () => mcpSettings(env),
      (error) => ['SLUICE_MCP_TOKENS, SLUICE_URL', messageOf(error)],
      { tokens: null, url: null },
    ),
    port: Number(port),
  };
  if (missing.length + wrong.length === 0) return settings;
  const parts = [phrase('missing', missing), phrase('not of the right form', wrong)].filter((part) => part !== '');
  const lines = [...missing, ...wrong].map(([name, how]) => `  ${name}: ${how}`);
  throw new SettingFault(parts.join('; '), ['Set in the environment (docs/setup.md has all settings):', ...lines].join('\n'));
}

/** The door `/mcp` is there once a file for its tokens is named, which may still be empty. */
function mcpSettings({ SLUICE_MCP_TOKENS: tokens, SLUICE_URL: url }: Environment): HttpSettings {
  if (tokens) readTokens(tokens);
  if (url && !/^https?:\/\/[^/?#@]+$/.test(url)) throw new Error('SLUICE_URL is an address such as https://sluice.example.com');
  return { tokens: tokens || null, url: url || null };
}

function phrase(what: string, settings: readonly (readonly [string, string])[]): string {
  return settings.length === 0 ? '' : `${what}: ${settings.map(([name]) => name).join(', ')}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'cannot be read';
}
