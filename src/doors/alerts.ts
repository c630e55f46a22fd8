import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../model/reason.ts';
import type { Clock, Inbox } from '../ports.ts';
import { type ParsedAlerts, parseAlertmanager } from '../schema/alert.ts';
import { parseDatabricks } from '../schema/databricks-alert.ts';
import { readExactJson } from '../schema/exact-json.ts';
import type { AlertToken } from '../schema/settings.ts';

const LARGEST_BODY = 1024 * 1024;
const REPOSITORY = 'this token opens incidents in other repositories, or in several';

interface Sender {
  /** How it can say its token: Databricks knows user and password only. */
  readonly scheme: 'Bearer' | 'Basic';
  readonly read: (body: unknown, text: string, at: string) => ParsedAlerts;
}

const SENDERS: Readonly<Record<string, Sender>> = {
  '/alerts/alertmanager': { scheme: 'Bearer', read: (body, text) => parseAlertmanager(body, { text }) },
  '/alerts/grafana': { scheme: 'Bearer', read: (body, text) => parseAlertmanager(body, { door: 'grafana', text }) },
  '/alerts/databricks': { scheme: 'Basic', read: (body, text, at) => parseDatabricks(body, at, text) },
};

/**
 * The alert door. A token opens incidents in the repositories it is bound to and nowhere else: `?repository=` chooses among them, no
 * label can. Answers 202 only after all that was sent is stored. The answer true means that the request was taken. What could not be read is
 * answered, and told to `unread` as well: Alertmanager throws answers away.
 */
export function alertDoor(
  tokens: readonly AlertToken[],
  inbox: Inbox,
  clock: Clock,
  unread: (faults: readonly Fault[], path: string) => void,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sluice');
    const sender = Object.hasOwn(SENDERS, url.pathname) ? SENDERS[url.pathname] : undefined;
    if (!sender) return false;
    const answer = await accept(request, url, sender, tokens, inbox, clock);
    if (answer.faults.length > 0) unread(answer.faults, url.pathname);
    const challenge = answer.status === 401 ? { 'www-authenticate': `${sender.scheme} realm="sluice"` } : {};
    response.writeHead(answer.status, { 'content-type': 'application/json', ...challenge }).end(JSON.stringify(answer.body));
    return true;
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly faults: readonly Fault[];
}

async function accept(
  request: IncomingMessage,
  url: URL,
  sender: Sender,
  tokens: readonly AlertToken[],
  inbox: Inbox,
  clock: Clock,
): Promise<Answer> {
  if (request.method !== 'POST') return refused(405, 'alerts are posted here', 'Use the method POST.');
  const token = tokenOf(request, sender.scheme, tokens);
  if (!token) return refused(401, 'a token of SLUICE_ALERT_TOKENS is needed', `Send it as ${HOW[sender.scheme]}.`);
  const repository = url.searchParams.get('repository') ?? (token.repositories.length === 1 ? token.repositories[0] : undefined);
  if (!repository || !token.repositories.includes(repository))
    return refused(403, REPOSITORY, `Say ?repository= one of: ${token.repositories.join(', ')}.`);
  const text = await bodyOf(request);
  if (text === null) return refused(413, `a body has at most ${LARGEST_BODY} bytes`, 'Send smaller groups.');
  const json = readExactJson(text);
  if (!json.ok) return refused(400, `the body is ${json.why}`, 'Send one JSON document.', json.line);
  const at = (await clock.now()).toISOString();
  const alerts = sender.read(json.value, text, at);
  if (!alerts.ok) return unreadable(alerts.faults);
  const { signals, truncated, faults } = alerts;
  // No sender gives a delivery id: what it said, and the minute, make one, so that a retry is stored once and a repeat again.
  const id = createHash('sha256')
    .update(`${repository}\n${url.pathname}\n${at.slice(0, 16)}\n${text}`)
    .digest('hex');
  const delivery = { id: `alerts-${id}`, key: `${repository} alerts ${id}`, kind: 'alerts' as const, repository };
  if (signals.length > 0) await inbox.put({ ...delivery, at, signals, truncated });
  return { status: 202, body: { stored: signals.length, truncated, ...(faults.length > 0 && { faults }) }, faults };
}

const HOW = { Bearer: 'a bearer token', Basic: 'the password of HTTP Basic (the user is free)' } as const;

function tokenOf(request: IncomingMessage, scheme: Sender['scheme'], tokens: readonly AlertToken[]): AlertToken | undefined {
  const [, given = ''] = new RegExp(`^${scheme} (.+)$`, 'i').exec(request.headers.authorization ?? '') ?? [];
  const secret = scheme === 'Bearer' ? given : passwordOf(given);
  const digest = createHash('sha256').update(secret).digest();
  return tokens.filter((token) => timingSafeEqual(Buffer.from(token.sha256, 'hex'), digest))[0];
}

/** What follows the first colon: a user's name holds none. */
function passwordOf(credentials: string): string {
  const plain = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  return colon < 0 ? '' : plain.slice(colon + 1);
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

function refused(status: number, message: string, fix: string, line: number | null = null): Answer {
  const code = status === 400 ? 'alert_malformed' : 'not_permitted';
  const fault = { code: 'alert_malformed' as const, file: 'alert', line, message, fix };
  return {
    status,
    body: { error: { code, message, ...(status === 400 && { line }), fix } },
    faults: status === 400 ? [fault] : [],
  };
}

/** The first fault is the answer, the list has all of them. */
function unreadable(faults: readonly Fault[]): Answer {
  const [first] = faults;
  const { message, line, fix } = first ?? { message: 'no alert in it could be read', line: null, fix: 'Send one.' };
  return { status: 400, body: { error: { code: 'alert_malformed', message, line, fix, faults } }, faults };
}
