import { createServer } from 'node:http';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { clockOf } from '../adapters/clock/clock.ts';
import { typedRunbooks } from '../adapters/github/runbooks.ts';
import { type Alarms, memoryAlarms } from '../adapters/memory/alarms.ts';
import { memoryInbox } from '../adapters/memory/inbox.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Clock, Inbox } from '../ports.ts';
import { alertBatches } from './alert-batches.ts';
import { alertDoor } from './alerts.ts';
import { answerWake, type PortsOf, sluiceApp } from './app.ts';
import { type InstalledRepositories, installedRepositories, lookAtInstalled } from './installed.ts';
import { mcpDoor } from './mcp/http.ts';
import { servedWorld } from './mcp/served-world.ts';
import { type ServeSettings, serveSettings } from './serve-settings.ts';
import { typeShipped } from './shipped-runbooks.ts';
import { type AppSettings, appPorts } from './wiring.ts';

/** How often it is looked whether a window has opened; in a rehearsal an hour may pass in a moment. */
const TICK_MS = 30_000;
const TWIN_TICK_MS = 200;

type Environment = Readonly<Record<string, string | undefined>>;

export interface Served {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** The App: webhooks and alerts in, issues and proposals out. Refuses to start without its secrets. */
export async function serve(env: Environment): Promise<Served> {
  const given = serveSettings(env);
  const { appId, privateKey, webhookSecret: secret } = given;
  const baseUrl = env.GITHUB_API_URL ?? 'https://api.github.com';
  // A rehearsal has no rate limits to spare; in production Probot's own throttling stays on.
  const Octokit = env.SLUICE_TWIN_CLOCK
    ? ProbotOctokit.defaults((options: object) => ({ ...options, throttle: { enabled: false }, retry: { enabled: false } }))
    : ProbotOctokit;
  const shared = { appId, privateKey, secret, baseUrl, Octokit, logLevel: logLevelOf(env) };
  const probot = new Probot(shared);
  const settings = await settingsOf(given, env, probot);
  const alarms = memoryAlarms();
  const installed = installedRepositories(probot, (error, account) =>
    probot.log.warn({ err: error, account }, 'the repositories of an account cannot be listed'),
  );
  const portsOf = repositoryPorts(probot, installed, settings, alarms);
  const clock = clockOf(env.SLUICE_TWIN_CLOCK);
  const inbox = askingAgain(probot, alarms, clock);
  const takeAlerts = alertBatches(portsOf);
  inbox.start((delivery) => {
    if (delivery.kind === 'webhook') return answerWake(delivery.wake, settings.applyAppId, portsOf, inbox);
    return delivery.kind === 'alerts' ? takeAlerts(delivery) : lookAtInstalled(delivery.owner, installed, inbox);
  });
  const ticking = setInterval(
    () => void ring(alarms, inbox, clock).catch((error) => probot.log.error({ err: error }, 'an alarm failed')),
    settings.twinClock ? TWIN_TICK_MS : TICK_MS,
  );
  const webhooks = await createNodeMiddleware((app) => sluiceApp(app, inbox, clock), {
    probot,
    webhooksPath: '/api/github/webhooks',
  });
  const alerts = alertDoor(given.alertTokens, inbox, clock, (faults, door) =>
    probot.log.warn({ door, faults }, 'alerts that cannot be read'),
  );
  const mcp = mcpDoor(given.mcp, (token, repository) => servedWorld(token, repository, { ...settings, clock, portsOf }));
  const server = createServer(async (request, response) => {
    try {
      if (
        health(request, response) ||
        (await alerts(request, response)) ||
        (await mcp(request, response)) ||
        (await webhooks(request, response))
      )
        return;
      response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here\n');
    } catch (error) {
      // A request that breaks off or cannot be read ends itself, never the App.
      probot.log.warn({ err: error }, 'a request failed');
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
      response.end('bad request\n');
    }
  });
  // Alertmanager keeps connections open for longer than Node's 5 s and would meet a reset.
  server.keepAliveTimeout = 70_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(given.port, env.HOST ?? '127.0.0.1', resolve);
  }).catch((error: unknown) => {
    clearInterval(ticking);
    throw error;
  });
  await inbox.put(AT_START);
  const address = server.address();
  const close = async () => {
    clearInterval(ticking);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await inbox.idle();
  };
  return { port: typeof address === 'object' && address ? address.port : 0, close };
}

/** What waited for an instant was forgotten with the last process, and what happened since told nobody. */
const AT_START: Delivery = { id: 'start', key: 'installed', kind: 'installed', owner: null };

/** An inbox that has missed looks set again. */
function askingAgain(probot: Probot, alarms: Alarms, clock: Clock): Inbox {
  return memoryInbox((error, delivery) => {
    probot.log.error({ err: error, delivery: delivery.id }, 'a delivery failed');
    clock.now().then(
      (now) => alarms.missed(delivery, now),
      (failure: unknown) => probot.log.error({ err: failure }, 'a look that failed is not set again'),
    );
  });
}

/** Asks the gate again about what has waited for this instant. */
async function ring(alarms: Alarms, inbox: Inbox, clock: Clock): Promise<void> {
  if (alarms.empty) return;
  for (const delivery of alarms.due(await clock.now())) await inbox.put(delivery);
}

async function settingsOf(given: ServeSettings, env: Environment, probot: Probot): Promise<AppSettings> {
  const typed = typedRunbooks();
  await typeShipped(typed);
  const { data: app } = await (await probot.auth()).request('GET /app');
  return {
    botLogin: `${app?.slug}[bot]`,
    appId: Number(given.appId),
    applyAppId: given.applyAppId,
    recordKey: given.recordKey,
    workspaces: given.workspaces,
    metrics: given.metrics,
    spark: given.spark,
    twinClock: env.SLUICE_TWIN_CLOCK,
    typed,
  };
}

/** Ports by repository, made once: Octokit renews the installation's token, and what is named by an object id stays known. */
function repositoryPorts(probot: Probot, installed: InstalledRepositories, settings: AppSettings, alarms: Alarms): PortsOf {
  const made = new Map<string, ReturnType<PortsOf>>();
  const make: PortsOf = async (owner, repo) => {
    const { id, defaultBranch, installation } = await installed.find(owner, repo);
    const octokit = await probot.auth(installation);
    const bot = await octokit.request('GET /users/{username}', { username: settings.botLogin });
    const facts = { id, defaultBranch, botId: Number(bot.data.id) };
    return appPorts(octokit, { owner, repo }, facts, settings, alarms.of(`${owner}/${repo}`));
  };
  return (owner, repo) => {
    const key = `${owner}/${repo}`;
    const ports = made.get(key) ?? make(owner, repo);
    made.set(key, ports);
    ports.catch(() => made.delete(key));
    return ports;
  };
}

function health(
  request: { url?: string | undefined },
  response: { writeHead(status: number): { end(text: string): unknown } },
): boolean {
  if (request.url !== '/healthz') return false;
  response.writeHead(200).end('ok\n');
  return true;
}

function logLevelOf(env: Environment): 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
  return levels.find((level) => level === env.LOG_LEVEL) ?? 'info';
}
