import type { Signal } from '../../model/signal.ts';
import { parseAlertmanager } from '../../schema/alert.ts';
import { note, Refused } from './answer.ts';
import { readJson } from './files.ts';

/**
 * The alert of an Alertmanager or Grafana webhook body saved to a file. Of a group the first firing alert is read, or the first of
 * all where none fires; the others are counted aloud, not lost in silence.
 */
export function readAlert(file: string): Signal {
  const parsed = parseAlertmanager(readJson(file, 'alert_malformed'));
  const [fault] = parsed.faults ?? [];
  const signals = parsed.ok ? parsed.signals : [];
  const signal = signals.find((one) => one.status === 'firing') ?? signals[0];
  if (!signal)
    throw new Refused(1, 'alert_malformed', fault?.message ?? 'alerts holds no alert', {
      file,
      fix: fault?.fix ?? 'Save the body of one Alertmanager webhook (version 4) with at least one alert.',
    });
  if (signals.length > 1) note(`${file} holds ${signals.length} alerts; this is about ${signal.alertname}, the first that fires`);
  return signal;
}
