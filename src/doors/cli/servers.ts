import {
  type ConfiguredMetrics,
  type ConfiguredSpark,
  type ConfiguredWorkspace,
  parseMetricsServers,
  parseSpark,
  parseWorkspaces,
} from '../../schema/settings.ts';
import { Refused } from './answer.ts';

/** Workspaces and metrics servers as the environment names them; refuses (2) what is named by half. */
export function configuredServers(env: Readonly<Record<string, string | undefined>>): {
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  readonly spark: ConfiguredSpark | null;
} {
  try {
    return { workspaces: parseWorkspaces(env), metrics: parseMetricsServers(env), spark: parseSpark(env) };
  } catch (error) {
    throw new Refused(2, 'setting_missing', error instanceof Error ? error.message : 'a setting cannot be read', {
      fix: 'Set both of a workspace’s variables; headers are a JSON object of texts.',
    });
  }
}
