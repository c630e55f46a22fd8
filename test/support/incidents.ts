import { readdirSync, readFileSync } from 'node:fs';
import { appPorts } from '../../src/doors/wiring.ts';
import { answerComment } from '../../src/flow/answer.ts';
import { takeAlerts } from '../../src/flow/take-alerts.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Clock } from '../../src/ports.ts';
import type { ConfiguredMetrics, ConfiguredWorkspace } from '../../src/schema/settings.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { baseSeed, type Stage, stage } from './github.ts';

const RECORD_KEY = 'a-record-key';

interface Servers {
  readonly workspaces?: readonly ConfiguredWorkspace[];
  readonly metrics?: readonly ConfiguredMetrics[];
}

/** The App's own ports on a GitHub that is played in this process and on its clock; what `tell` is given is a batch of alerts. */
export async function appOn(config: string, files: Readonly<Record<string, string>> = {}, servers: Servers = {}) {
  const seeded = { ...baseSeed.files, '.github/sluice.yml': config, ...files };
  // Days pass here, while the clients' tokens are renewed by the machine's own time.
  const at = await stage({ files: seeded }, { tokenClock: () => new Date() });
  const clock: Clock = {
    now: async () => at.twin.clock(),
    sleep: async (milliseconds) => at.tick(Math.ceil(milliseconds / 1000)),
  };
  const { data } = await at.app.rest.repos.get(at.at);
  const bot = await at.app.rest.users.getByUsername({ username: 'sluice[bot]' });
  const facts = { id: data.id, defaultBranch: 'main', botId: bot.data.id };
  const nothing = { workspaces: [], metrics: [], appId: 7, applyAppId: 8, twinClock: undefined };
  const settings = { botLogin: 'sluice[bot]', recordKey: RECORD_KEY, ...nothing, ...servers };
  const made = appPorts(at.app, at.at, facts, settings, { set: () => {} });
  const ports = { ...made, clock };
  const tell = async (...signals: readonly Signal[]) => {
    const errors = await takeAlerts([{ at: at.twin.clock().toISOString(), signals, truncated: 0 }], ports);
    for (const error of errors) if (error) throw error;
  };
  const say = async (login: string, thread: number, body: string, isPull = false) => {
    const comment = (await at.user(login).rest.issues.createComment({ ...at.at, issue_number: thread, body })).data;
    const by = { id: comment.user?.id ?? 0, login };
    await answerComment({ thread, isPull, comment: comment.id, body, by }, ports);
    return (await looksAt(at).said(thread)).at(-1) ?? '';
  };
  return { at, ports, tell, say, ...looksAt(at) };
}

/** The same on a repository whose job `orders-nightly` dies of memory in the plant's workspace. */
export function oomAppOn(plant: Plant, mode: string) {
  const target =
    '{name: orders-nightly, match: {job_name: orders-nightly}, files: [jobs/orders-nightly.json], kind: job-json, workspace: prod, job: {name: orders-nightly}, task: join_orders, rerun: repair}';
  const paths = ['jobs/orders-nightly.json', ...readdirSync('runbooks').map((name) => `runbooks/${name}`)];
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
  const config = `mode: ${mode}\nidentity_labels: [job_id]\nlimits: {percent_per_step: 400}\ntargets:\n  - ${target}\n`;
  const servers = {
    workspaces: [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read }],
    metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }],
  };
  return appOn(config, { ...files, '.github/CODEOWNERS': '* @olga\n' }, servers);
}

function looksAt(at: Stage) {
  const { rest } = at.user('alice');
  const issues = async () => (await rest.issues.listForRepo({ ...at.at, state: 'all', per_page: 100 })).data;
  return {
    issues: async () => (await issues()).filter((issue) => !issue.pull_request),
    issue: async (number: number) => (await rest.issues.get({ ...at.at, issue_number: number })).data,
    said: async (number: number) =>
      (await rest.issues.listComments({ ...at.at, issue_number: number, per_page: 100 })).data.map((one) => one.body ?? ''),
    pulls: async () => (await rest.pulls.list({ ...at.at, state: 'all' })).data,
    reviews: async (number: number) => (await rest.pulls.listReviews({ ...at.at, pull_number: number })).data,
    /** Calls of the App that change something. */
    changes: () =>
      at.twin.calls.all().filter((call) => call.actor === 'app:7' && call.method !== 'GET' && call.path !== '/graphql'),
  };
}

const started = new Date('2026-11-23T03:00:00.000Z').toISOString();

export function firing(labels: Readonly<Record<string, string>> = {}, change: Partial<Signal> = {}): Signal {
  const alertname = labels.alertname ?? 'Lag';
  return {
    source: 'alertmanager',
    status: 'firing',
    alertname,
    labels: { alertname, ...labels },
    annotations: {},
    startsAt: started,
    endsAt: null,
    fingerprint: JSON.stringify(Object.entries(labels).sort()),
    ...change,
  };
}

export function resolved(labels: Readonly<Record<string, string>> = {}, change: Partial<Signal> = {}): Signal {
  return firing(labels, { status: 'resolved', endsAt: '2026-11-23T04:00:00.000Z', ...change });
}
