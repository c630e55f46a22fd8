import { parseMetricsAccess } from '../schema/metrics-access.ts';
import { type ConfiguredMetrics, type ConfiguredSpark, parseSpark } from '../schema/settings.ts';

/** The Action's inputs (action.yml) with what the runner's environment adds. */
export interface ActionInputs {
  readonly owner: string;
  readonly repo: string;
  readonly apiUrl: string;
  readonly githubToken: string;
  readonly dryRun: boolean;
  readonly workspace: string;
  readonly environment: string;
  readonly databricksHost: string;
  readonly databricksToken: string;
  /** Empty: the token is used. */
  readonly databricksClientId: string;
  readonly databricksAudience: string;
  readonly metrics: ConfiguredMetrics | null;
  readonly spark: ConfiguredSpark | null;
  readonly applyAppId: string;
  readonly applyAppKey: string;
  readonly serverBotId: string;
  /** This attempt's identity: an attempt that is run again is another one. */
  readonly run: string;
  readonly runUrl: string;
  readonly twinClock: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the inputs. Throws with the input's name and what to write. */
export function readInputs(env: Environment, input: (name: string) => string): ActionInputs {
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/');
  if (!owner || !repo) throw new Error('GITHUB_REPOSITORY is not set: this runs inside GitHub Actions');
  const attempt = `${env.GITHUB_RUN_ID ?? '0'}.${env.GITHUB_RUN_ATTEMPT ?? '1'}`;
  return {
    owner,
    repo,
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    githubToken: needed('github-token', input),
    dryRun: dryRunOf(input('dry-run')),
    workspace: needed('workspace', input),
    environment: input('environment') || needed('workspace', input),
    databricksHost: input('databricks-host'),
    databricksToken: input('databricks-token'),
    databricksClientId: input('databricks-client-id'),
    databricksAudience: input('databricks-audience'),
    metrics: metricsOf(env, input),
    spark: parseSpark(env),
    applyAppId: input('apply-app-id'),
    applyAppKey: input('apply-app-key'),
    serverBotId: input('server-app-bot-id'),
    run: attempt,
    runUrl: `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${owner}/${repo}/actions/runs/${env.GITHUB_RUN_ID ?? '0'}`,
    twinClock: env.SLUICE_TWIN_CLOCK,
  };
}

/** Anything but the word `false` is a dry run: a misspelt input never writes. */
function dryRunOf(text: string): boolean {
  return text.trim() !== 'false';
}

/** Credentials come by the environment, where the runner masks secrets, under the same names as on the server. */
function metricsOf(env: Environment, input: (name: string) => string): ConfiguredMetrics | null {
  const [url, headers] = [input('prometheus-url'), input('prometheus-headers')];
  if (url === '') return null;
  const given = headers === '' ? env : { ...env, SLUICE_PROMETHEUS_HEADERS: headers };
  return { name: 'prometheus', url, ...parseMetricsAccess(given, 'SLUICE_PROMETHEUS', url) };
}

function needed(name: string, input: (name: string) => string): string {
  const value = input(name);
  if (!value) throw new Error(`the input ${name} is empty: set it under "with:" in the workflow`);
  return value;
}
