import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openIncident } from '../flow/open.ts';
import { respond, respondUnanswered } from '../flow/respond.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Signal } from '../model/signal.ts';
import type { Inbox } from '../ports.ts';
import { parseAlertmanager } from '../schema/alert.ts';
import type { AlertToken } from '../schema/settings.ts';
import type { PortsOf } from './app.ts';

const LARGEST_BODY = 1024 * 1024;
const PATHS = ['/alerts/alertmanager', '/alerts/grafana'];

/**
 * The alert door. A token opens incidents in the repositories it is bound to and nowhere else: `?repository=` chooses among them, no
 * label can. Answers 202 only after every alert of the group is stored. The answer true means that the request was taken.
 */
export function alertDoor(
  tokens: readonly AlertToken[],
  inbox: Inbox,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sluice');
    if (!PATHS.includes(url.pathname)) return false;
    const answer = await accept(request, url, tokens, inbox);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    return true;
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function accept(request: IncomingMessage, url: URL, tokens: readonly AlertToken[], inbox: Inbox): Promise<Answer> {
  if (request.method !== 'POST') return refused(405, 'post alerts here');
  const token = tokenOf(request, tokens);
  if (!token) return refused(401, 'a bearer token of SLUICE_ALERT_TOKENS is needed');
  const repository = url.searchParams.get('repository') ?? (token.repositories.length === 1 ? token.repositories[0] : undefined);
  if (!repository || !token.repositories.includes(repository))
    return refused(403, `say ?repository= one of: ${token.repositories.join(', ')}`);
  const text = await bodyOf(request);
  if (text === null) return refused(413, `at most ${LARGEST_BODY} bytes`);
  const parsed = parseJson(text);
  if (!parsed.ok) return refused(400, parsed.why);
  const alerts = parseAlertmanager(parsed.value);
  if (!alerts.ok)
    return {
      status: 400,
      body: { error: { code: 'alert_malformed', message: 'this is no Alertmanager webhook (version 4)', faults: alerts.faults } },
    };
  for (const signal of alerts.signals) await inbox.put(deliveryOf(repository, signal));
  return { status: 202, body: { stored: alerts.signals.length, truncated: alerts.truncated } };
}

/** Alertmanager gives no delivery id: the alert, its start and its status make one. Alerts of one repository are taken in order. */
function deliveryOf(repository: string, signal: Signal) {
  const id = createHash('sha256')
    .update(`${repository}\n${signal.fingerprint}\n${signal.startsAt}\n${signal.status}`)
    .digest('hex');
  return { id: `alert-${id}`, key: `${repository} alerts`, kind: 'alert' as const, repository, signal };
}

/** Carries out one stored alert: opens or joins its incident, then investigates a new one at once. */
export async function answerAlert({ repository, signal }: Extract<Delivery, { kind: 'alert' }>, portsOf: PortsOf): Promise<void> {
  const [owner = '', repo = ''] = repository.split('/');
  const ports = await portsOf(owner, repo);
  const opened = await openIncident(signal, ports);
  const { policy, state, issue } = opened;
  if (issue === null || (policy.ok && policy.value.investigate === 'command')) return;
  if (opened.did === 'join') await respondUnanswered(issue, ports, policy);
  else if (opened.did !== 'resolve') await respond(issue, null, ports, state ? { policy, state } : { policy });
}

function tokenOf(request: IncomingMessage, tokens: readonly AlertToken[]): AlertToken | undefined {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = createHash('sha256').update(given).digest();
  return tokens.filter((token) => timingSafeEqual(Buffer.from(token.sha256, 'hex'), digest))[0];
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
}

function refused(status: number, message: string): Answer {
  return { status, body: { error: { code: status === 400 ? 'alert_malformed' : 'not_permitted', message } } };
}
