import type { Fault } from '../model/reason.ts';
import type { Signal } from '../model/signal.ts';
import { alertFaults, type Misfit } from './alert-fault.ts';
import { plainText } from './outside-text.ts';
import { withoutSecrets } from './redact.ts';

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

/** What to do at the sender about each part of a body that cannot be read. */
const FIXES = {
  body: 'Send the body of an Alertmanager webhook (version 4) or of Grafana alerting: one JSON object with a list of alerts.',
  legacy: 'Use a webhook contact point of Grafana’s unified alerting.',
  version:
    'Send with Alertmanager 0.16 or newer, whose webhooks say "version": "4", or with Grafana’s unified alerting to /alerts/grafana.',
  alert: 'Let the sender write each alert as Alertmanager does: status, labels, annotations, startsAt and endsAt.',
  status: 'Let the sender write "firing" or "resolved", in lower case.',
  labels: 'Let the sender write the labels as names and texts, with the alert’s name as alertname.',
  alertname: 'Name the alert where it is defined: `alert:` of a Prometheus rule, the name of a Grafana rule.',
  startsAt: 'Let the sender write when the alert began, with its offset, such as 2026-11-23T03:00:00Z.',
} as const;

/** Where a body came in, when that is known, and its text as sent, for the lines of faults. */
interface Sent {
  readonly door?: 'alertmanager' | 'grafana' | 'dispatch';
  readonly text?: string;
}

/**
 * Reads the body of an Alertmanager webhook (version 4) or of Grafana alerting (version 1 or none, else the same shape). Each alert is read by
 * itself and has its own status: a resolved group can hold firing alerts, and Grafana's `state` of the whole says less. One unreadable alert
 * does not lose the others.
 */
export function parseAlertmanager(body: unknown, { door, text }: Sent = {}): ParsedAlerts {
  const whole = isRecord(body) ? groupMisfit(body, door) : misfit([], body, 'a JSON object', FIXES.body);
  if (!isRecord(body) || whole) return { ok: false, faults: alertFaults(whole ? [whole] : [], text ?? null) };
  const sent: readonly unknown[] = Array.isArray(body.alerts) ? body.alerts : [];
  const source = door === 'dispatch' ? door : isGrafana(body, door) ? 'grafana' : 'alertmanager';
  const read = sent.slice(0, MOST_ALERTS).map((alert, index) => readAlert(alert, ['alerts', index], source));
  const signals = read.flatMap((one) => ('source' in one ? [one] : []));
  const faults = alertFaults(
    read.flatMap((one) => ('source' in one ? [] : [one])),
    text ?? null,
  );
  if (signals.length === 0 && faults.length > 0) return { ok: false, faults };
  return { ok: true, signals, truncated: truncatedIn(body) + Math.max(0, sent.length - MOST_ALERTS), faults };
}

function isGrafana(body: Fields, door: Sent['door']): boolean {
  return (body.version === '1' || body.version === undefined) && ('orgId' in body || door === 'grafana');
}

/** What makes the whole body unreadable. */
function groupMisfit(body: Fields, door: Sent['door']): Misfit | null {
  const grafana = isGrafana(body, door);
  if (grafana && 'ruleName' in body && !('alerts' in body))
    return misfit([], body, 'Grafana’s unified alerting (its legacy alerting, gone since Grafana 11, is not read)', FIXES.legacy);
  if (body.version !== '4' && !grafana) return misfit(['version'], body.version, '"4", or Grafana’s "1"', FIXES.version);
  return Array.isArray(body.alerts) ? null : misfit(['alerts'], body.alerts, 'a list', FIXES.body);
}

function readAlert(alert: unknown, path: Misfit['path'], source: Signal['source']): Signal | Misfit {
  if (!isRecord(alert)) return misfit(path, alert, 'an object', FIXES.alert);
  const { status } = alert;
  if (status !== 'firing' && status !== 'resolved')
    return misfit([...path, 'status'], status, 'firing or resolved', FIXES.status);
  const labels = texts(alert.labels, LONGEST.label);
  const { alertname } = labels;
  if (alertname === undefined || alertname === '') return nameMisfit(alert.labels, [...path, 'labels']);
  const startsAt = instant(alert.startsAt);
  if (startsAt === null) return misfit([...path, 'startsAt'], alert.startsAt, 'an RFC 3339 time', FIXES.startsAt);
  const endsAt = status === 'firing' || alert.endsAt === NEVER ? null : instant(alert.endsAt);
  const fingerprint = typeof alert.fingerprint === 'string' ? plainText(alert.fingerprint, LONGEST.fingerprint) : '';
  return {
    source,
    status,
    alertname,
    labels,
    annotations: { ...valuesOf(alert.values), ...texts(alert.annotations, LONGEST.annotation, annotationText) },
    startsAt,
    endsAt,
    // Without the sender's id the labels identify the alert, as they do inside Alertmanager.
    fingerprint: fingerprint === '' ? JSON.stringify(Object.entries(labels).sort()) : fingerprint,
  };
}

function nameMisfit(labels: unknown, path: Misfit['path']): Misfit {
  if (!isRecord(labels)) return misfit(path, labels, 'an object', FIXES.labels);
  const { alertname } = labels;
  const expected = typeof alertname === 'string' ? 'a name that can be read' : 'a text';
  return misfit([...path, 'alertname'], alertname, expected, FIXES.alertname);
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
 * Annotations are templates that people fill with whatever failed, secrets among it; a secret that is cut looks like none, so it goes first.
 * Labels are left alone: they say which series is meant.
 */
function annotationText(text: string, longest: number): string {
  return plainText(withoutSecrets(plainText(text, longest * 4)), longest);
}

/**
 * The texts of a map, the alert's name first and then by name, as many as there is room for: what is left out never depends on the order
 * sent. A name with invisible characters is left out: cleaned, it could pass for another label.
 */
function texts(value: unknown, longest: number, clean = plainText): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const rank = (name: string) => (name === 'alertname' ? '' : name);
  const entries = Object.entries(value)
    .filter(([name, text]) => typeof text === 'string' && name !== '' && plainText(name, LONGEST.name) === name)
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, MOST_LABELS)
    .map(([name, text]) => [name, clean(String(text), longest)] as const);
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

function misfit(path: Misfit['path'], found: unknown, expected: string, fix: string): Misfit {
  return { path, found, expected, fix };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
