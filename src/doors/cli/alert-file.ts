import type { Signal } from '../../model/signal.ts';
import { parseAlertmanager } from '../../schema/alert.ts';
import { readExactJson } from '../../schema/exact-json.ts';
import { note, Refused } from './answer.ts';
import { readText } from './files.ts';

/**
 * The alert of an Alertmanager or Grafana webhook body saved to a file. Of a group the first firing alert is read, or the first of
 * all where none fires; the others, and those that cannot be read, are told aloud, not lost in silence.
 */
export function readAlert(file: string): Signal {
  const text = readText(file);
  const json = readExactJson(text);
  if (!json.ok)
    throw new Refused(1, 'alert_malformed', `is ${json.why}`, { file, line: json.line, fix: 'Give one JSON document.' });
  const parsed = parseAlertmanager(json.value, { text });
  const signals = parsed.ok ? parsed.signals : [];
  const signal = signals.find((one) => one.status === 'firing') ?? signals[0];
  const [fault] = parsed.faults;
  if (!signal)
    throw new Refused(1, 'alert_malformed', fault?.message ?? 'alerts holds no alert', {
      file,
      line: fault?.line ?? null,
      fix: fault?.fix ?? 'Save the body of one Alertmanager webhook (version 4) with at least one alert.',
    });
  for (const { line, message, fix } of parsed.faults)
    note(`${file}${line ? `:${line}` : ''}: ${message}; this alert is left out. ${fix}`);
  if (signals.length > 1) note(`${file} holds ${signals.length} alerts; this is about ${signal.alertname}, the first that fires`);
  return signal;
}
