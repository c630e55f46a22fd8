import type { Actor } from '../../model/history.ts';
import type { Clock, InvestigationReads } from '../../ports.ts';
import type { ConfiguredMetrics, ConfiguredSpark, ConfiguredWorkspace } from '../../schema/settings.ts';
import { readsOf } from '../reads.ts';
import type { AppPorts } from '../wiring.ts';
import { ToolRefusal } from './answer.ts';
import type { Desk } from './desk.ts';
import { type Tell, toldReads } from './progress.ts';
import type { Project } from './project.ts';

/** What the tools may reach: configured servers only, one repository, and, where asked for, a way to propose in it. */
export interface McpWorld {
  /** Read when a tool needs one: over HTTP they are those of the repository's own targets. */
  readonly workspaces: () => Promise<readonly ConfiguredWorkspace[]>;
  readonly metrics: readonly ConfiguredMetrics[];
  /** Null: event logs are read at the clusters' log destinations alone. */
  readonly spark: ConfiguredSpark | null;
  readonly clock: Clock;
  readonly project: Project;
  /** What GitHub says of the repository; refuses, naming the setting, where it cannot be asked. */
  readonly desk: () => Promise<Desk>;
  /** Null: nothing may be proposed, and there is no tool for it. */
  readonly proposer: (() => Promise<Proposer>) | null;
}

/** Who proposes, and in whose name. */
export interface Proposer {
  readonly ports: AppPorts;
  /** Who counts as having shaped what the App opens; null: the pull request is their own. */
  readonly shaper: Actor | null;
}

/** The metrics server of that name, or the first. Refuses, naming the variable to set, when there is none. */
export function metricsServer(world: Pick<McpWorld, 'metrics'>, name: string | undefined): ConfiguredMetrics {
  const found = chosen(world.metrics, name);
  if (found) return found;
  throw new ToolRefusal(
    'setting_missing',
    name === undefined ? 'no Prometheus is configured' : `no Prometheus is configured under the name ${name}`,
    `Set ${variable('SLUICE_PROMETHEUS', name ?? 'main', 'URL')}, such as http://prometheus:9090, and start Sluice again.`,
  );
}

/** The workspace of that name, or the first. Refuses, naming the variables to set, when there is none. */
export async function workspaceNamed(
  world: Pick<McpWorld, 'workspaces'>,
  name: string | undefined,
): Promise<ConfiguredWorkspace> {
  const found = chosen(await world.workspaces(), name);
  if (found) return found;
  const [host, token] = ['HOST', 'TOKEN'].map((part) => variable('SLUICE_WORKSPACE', name ?? 'prod', part));
  throw new ToolRefusal(
    'setting_missing',
    name === undefined
      ? 'no Databricks workspace that may be read here is configured'
      : `no Databricks workspace that may be read here is configured under the name ${name}`,
    `Set ${host} and ${token} (a token with CAN_VIEW on the jobs), and start Sluice again; over HTTP a target of the repository must name the workspace too.`,
  );
}

/** Servers that one call reads; what is left out is not read. */
interface Servers {
  readonly workspace?: ConfiguredWorkspace | null;
  readonly metrics?: ConfiguredMetrics | null;
  readonly spark?: ConfiguredSpark | null;
}

/** Reading clients for whatever of them is given, each read told; nothing of them can write. */
export function readsFrom({ workspace = null, metrics = null, spark = null }: Servers, tell: Tell): InvestigationReads {
  return toldReads(readsOf(workspace, metrics, spark), tell);
}

function chosen<T extends { readonly name: string }>(configured: readonly T[], name: string | undefined): T | undefined {
  return name === undefined ? configured[0] : configured.find((one) => one.name === name.toLowerCase());
}

function variable(prefix: string, name: string, part: string): string {
  return `${prefix}_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}_${part}`;
}
