import type { Clock } from '../../ports.ts';
import type { McpToken } from '../../schema/mcp-tokens.ts';
import type { ConfiguredMetrics, ConfiguredSpark, ConfiguredWorkspace } from '../../schema/settings.ts';
import type { PortsOf } from '../app.ts';
import type { AppPorts } from '../wiring.ts';
import { ToolRefusal } from './answer.ts';
import { deskOf } from './desk.ts';
import { branchProject } from './project.ts';
import type { McpWorld, Proposer } from './sources.ts';

/** What the App process has. */
export interface ServedBy {
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  /** Absent: event logs are read at the clusters' log destinations alone. */
  readonly spark?: ConfiguredSpark | null;
  readonly clock: Clock;
  readonly portsOf: PortsOf;
}

/** One repository as the App sees it, for one token: its own workspaces only, and a way to propose only where the token has it. */
export function servedWorld(
  token: McpToken,
  repository: string,
  { workspaces, metrics, spark = null, clock, portsOf }: ServedBy,
): McpWorld {
  const [owner = '', repo = ''] = repository.split('/');
  const ports = () => portsOf(owner, repo);
  const project = branchProject({
    config: async () => (await ports()).config.config(),
    runbooks: async (commit) => (await ports()).config.runbooks(commit),
    read: async (path, commit) => (await ports()).content.read(path, commit),
  });
  return {
    ...{ metrics, spark, clock, project },
    async workspaces() {
      const named = new Set((await project.rules()).config?.targets.map((target) => target.workspace));
      return workspaces.filter((one) => named.has(one.name));
    },
    desk: async () => ({ ...deskOf(await ports()), clock }),
    proposer: token.scope === 'propose' ? async () => proposerOf(token, await ports()) : null,
  };
}

/** The token's person, as GitHub knows them now: a login that somebody else has taken since proposes nothing. */
async function proposerOf({ user }: McpToken, ports: AppPorts): Promise<Proposer> {
  const found = user === null ? null : await ports.personNamed(user.login);
  if (found && !found.known)
    throw new ToolRefusal('facts_unavailable', `GitHub does not tell whose token this is: ${found.why}`, 'Try again.');
  const now = found?.value;
  if (user === null || !now || now.person.id !== user.id)
    throw new ToolRefusal(
      'not_permitted',
      `${user?.login ?? 'nobody'} is no longer the account that this token was made for`,
      'Ask whoever runs Sluice for a new token.',
    );
  if (!['write', 'maintain', 'admin'].includes(now.permission))
    throw new ToolRefusal(
      'not_permitted',
      `${user.login} may not write to this repository any more`,
      'Somebody with write access asks.',
    );
  return { ports, shaper: { id: user.id, login: now.person.login } };
}
