import type { Fault } from '../model/reason.ts';
import type { Signal } from '../model/signal.ts';
import { plainText } from './outside-text.ts';

/** Signals in the order sent. `truncated` counts alerts that the sender or our own bound left out; `faults` the ones that were unreadable. */
export type ParsedAlerts =
  | { readonly ok: true; readonly signals: readonly Signal[]; readonly truncated: number; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

type Fields = Readonly<Record<string, unknown>>;

const MOST_ALERTS = 1000;
const MOST_LABELS = 64;
/** `all`: the texts of one map together, so that an alert always fits into the comment that keeps it. */
const LONGEST = { name: 128, label: 1024, annotation: 4096, fingerprint: 256, all: 4096 } as const;
/** Go's zero time: Alertmanager's way to say that an alert has not ended. */
const NEVER = '0001-01-01T00:00:00Z';

/**
 * Reads the body of an Alertmanager webhook (version 4) or of Grafana alerting (version 1 or none, else the same shape). Each alert is read by
 * itself and has its own status: a resolved group can hold firing alerts, and Grafana's `state` of the whole says less. One unreadable alert
 * does not lose the others. `door`: where it came in, when that is known.
 */
export function parseAlertmanager(body: unknown, door?: 'alertmanager' | 'grafana' | 'dispatch'): ParsedAlerts {
  if (!isRecord(body)) return malformed('body', 'a JSON object');
  const isGrafana = body.version === '1' || body.version === undefined ? 'orgId' in body || door === 'grafana' : false;
  if (isGrafana && 'ruleName' in body && !('alerts' in body))
    return malformed('body', 'of Grafana’s unified alerting (its legacy alerting, gone since Grafana 11, is not read)');
  if (body.version !== '4' && !isGrafana) return malformed('version', 'Alertmanager webhook version 4, or Grafana’s version 1');
  if (!Array.isArray(body.alerts)) return malformed('alerts', 'a list of alerts');
  const sent: readonly unknown[] = body.alerts;
  const source = door === 'dispatch' ? door : isGrafana ? 'grafana' : 'alertmanager';
  const read = sent.slice(0, MOST_ALERTS).map((alert, index) => readAlert(alert, `alerts[${index}]`, source));
  const signals = read.flatMap((one) => ('source' in one ? [one] : []));
  const faults = read.flatMap((one) => ('source' in one ? [] : [one]));
  if (signals.length === 0 && faults.length > 0) return { ok: false, faults };
  return { ok: true, signals, truncated: truncatedIn(body) + Math.max(0, sent.length - MOST_ALERTS), faults };
}

function readAlert(alert: unknown, path: string, source: Signal['source']): Signal | Fault {
  if (!isRecord(alert)) return fault(path, 'an object');
  const { status } = alert;
  if (status !== 'firing' && status !== 'resolved') return fault(`${path}.status`, 'firing or resolved');
  const labels = texts(alert.labels, LONGEST.label);
  const { alertname } = labels;
  if (alertname === undefined || alertname === '') return fault(`${path}.labels.alertname`, 'the alert’s name');
  const startsAt = instant(alert.startsAt);
  if (startsAt === null) return fault(`${path}.startsAt`, 'an RFC 3339 time');
  const endsAt = status === 'firing' || alert.endsAt === NEVER ? null : instant(alert.endsAt);
  const fingerprint = typeof alert.fingerprint === 'string' ? plainText(alert.fingerprint, LONGEST.fingerprint) : '';
  return {
    source,
    status,
    alertname,
    labels,
    annotations: { ...valuesOf(alert.values), ...texts(alert.annotations, LONGEST.annotation) },
    startsAt,
    endsAt,
    // Without the sender's id the labels identify the alert, as they do inside Alertmanager.
    fingerprint: fingerprint === '' ? JSON.stringify(Object.entries(labels).sort()) : fingerprint,
  };
}

/** Grafana's numbers behind the alert, by the letter of the query or expression: shown to people, decided by nobody. */
function valuesOf(values: unknown): Readonly<Record<string, string>> {
  if (!isRecord(values)) return {};
  const numbers = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${plainText(name, LONGEST.name)} = ${value}`] : [],
  );
  return numbers.length === 0 ? {} : { values: numbers.slice(0, MOST_LABELS).join(', ').slice(0, LONGEST.label) };
}

/**
 * The texts of a map, the alert's name first and then by name, as many as there is room for: what is left out never depends on the order
 * sent. A name with invisible characters is left out: cleaned, it could pass for another label.
 */
function texts(value: unknown, longest: number): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const rank = (name: string) => (name === 'alertname' ? '' : name);
  const entries = Object.entries(value)
    .filter(([name, text]) => typeof text === 'string' && name !== '' && plainText(name, LONGEST.name) === name)
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, MOST_LABELS)
    .map(([name, text]) => [name, plainText(String(text), longest)] as const);
  let room: number = LONGEST.all;
  return Object.fromEntries(
    entries.filter(([name, text]) => {
      room -= name.length + text.length;
      return room >= 0;
    }),
  );
}

export function instant(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function truncatedIn({ truncatedAlerts: count }: Fields): number {
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function malformed(path: string, expected: string): ParsedAlerts {
  return { ok: false, faults: [fault(path, expected)] };
}

function fault(path: string, expected: string): Fault {
  return { code: 'alert_malformed', file: 'alert', line: null, message: `${path} is not ${expected}`, fix: `Send ${expected}.` };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
