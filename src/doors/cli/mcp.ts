import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Command } from 'commander';
import { clockOf } from '../../adapters/clock/clock.ts';
import { type OwnSettings, ownWorld } from '../mcp/own-world.ts';
import { createMcp } from '../mcp.ts';
import { mcpTokenCommand } from './mcp-token.ts';
import { configuredServers } from './servers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function mcpCommand(program: Command): void {
  const mcp = program
    .command('mcp')
    .enablePositionalOptions()
    .description('serve MCP on standard input and output: tools that only read, runbooks and prompts')
    .option('--propose', 'also offer rollout_config, which opens a pull request and applies nothing')
    .option('--repo <dir>', 'the checkout whose config and runbooks are used', '.')
    .addHelpText(
      'after',
      `
Settings: SLUICE_PROMETHEUS_<NAME>_URL, SLUICE_WORKSPACE_<NAME>_HOST and _TOKEN; for incidents, the gate and --propose also GITHUB_TOKEN,
GITHUB_REPOSITORY and SLUICE_RECORD_KEY. A tool whose setting is missing says so when it is called.

Example:
  claude mcp add sluice -- npx sluice mcp`,
    )
    .action(async (options: { propose?: true; repo: string }) => {
      const server = createMcp(ownWorld(settingsFrom(process.env, options)));
      // The transport owns standard output from here on: nothing else may be printed there.
      await server.connect(new StdioServerTransport());
    });
  mcpTokenCommand(mcp);
}

function settingsFrom(env: Environment, { propose, repo }: { readonly propose?: true; readonly repo: string }): OwnSettings {
  return {
    ...configuredServers(env),
    clock: clockOf(env.SLUICE_TWIN_CLOCK),
    folder: repo,
    github: {
      repository: env.GITHUB_REPOSITORY,
      token: env.GITHUB_TOKEN,
      recordKey: env.SLUICE_RECORD_KEY,
      apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
      bot: env.SLUICE_BOT_LOGIN ?? 'sluice[bot]',
      botId: env.SLUICE_BOT_ID ? Number(env.SLUICE_BOT_ID) : null,
      appId: env.SLUICE_APP_ID ? Number(env.SLUICE_APP_ID) : null,
    },
    propose: propose ?? false,
  };
}
