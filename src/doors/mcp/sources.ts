import type { Clock, InvestigationReads } from '../../ports.ts';
import type { ConfiguredMetrics, ConfiguredSpark, ConfiguredWorkspace } from '../../schema/settings.ts';
import { readsOf } from '../reads.ts';
import { ToolRefusal } from './answer.ts';

/** What the tools may reach: configured servers only, a checkout to read, and, where asked for, a repository to propose in. */
export interface McpWorld {
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  /** Absent: event logs are read at the clusters' log destinations alone. */
  readonly spark?: ConfiguredSpark | null;
  readonly clock: Clock;
  /** The checkout whose config and runbooks are used. */
  readonly folder: string;
  readonly propose: ProposeSettings | null;
}

/** The repository that rollout_config opens pull requests in; null values say which setting is missing when it is called. */
export interface ProposeSettings {
  readonly repository: string | undefined;
  readonly token: string | undefined;
  readonly recordKey: string | undefined;
  readonly apiUrl: string;
  /** Login of the App's bot account, which wrote the incidents' history. */
  readonly bot: string;
}

/** The metrics server of that name, or the first. Refuses, naming the variable to set, when there is none. */
export function metricsServer(world: McpWorld, name: string | undefined): ConfiguredMetrics {
  const found = chosen(world.metrics, name);
  if (found) return found;
  throw new ToolRefusal(
    'setting_missing',
    name === undefined ? 'no Prometheus is configured' : `no Prometheus is configured under the name ${name}`,
    `Set ${variable('SLUICE_PROMETHEUS', name ?? 'main', 'URL')}, such as http://prometheus:9090, and start sluice mcp again.`,
  );
}

/** The workspace of that name, or the first. Refuses, naming the variables to set, when there is none. */
export function workspaceNamed(world: McpWorld, name: string | undefined): ConfiguredWorkspace {
  const found = chosen(world.workspaces, name);
  if (found) return found;
  const [host, token] = ['HOST', 'TOKEN'].map((part) => variable('SLUICE_WORKSPACE', name ?? 'prod', part));
  throw new ToolRefusal(
    'setting_missing',
    name === undefined ? 'no Databricks workspace is configured' : `no Databricks workspace is configured under the name ${name}`,
    `Set ${host} and ${token} (a token with CAN_VIEW on the jobs), and start sluice mcp again.`,
  );
}

/** Reading clients for whatever of the two is configured; nothing of them can write. */
export function readsFrom(
  workspace: ConfiguredWorkspace | null,
  metrics: ConfiguredMetrics | null,
  spark: ConfiguredSpark | null = null,
): InvestigationReads {
  return readsOf(workspace, metrics, spark);
}

function chosen<T extends { readonly name: string }>(configured: readonly T[], name: string | undefined): T | undefined {
  return name === undefined ? configured[0] : configured.find((one) => one.name === name.toLowerCase());
}

function variable(prefix: string, name: string, part: string): string {
  return `${prefix}_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}_${part}`;
}
