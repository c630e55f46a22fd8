import type { Signal } from '../model/signal.ts';
import { block, inline, page } from './text.ts';

/** What to do about an alert that comes and goes: its own returns are the evidence. */
export function flappingAdvice({ alertname, source }: Signal, flaps: readonly string[], holdMinutes: number): string {
  const rule = [
    `- alert: ${alertname}`,
    '  for: 15m                # longer than the short spells that end by themselves',
    `  keep_firing_for: ${holdMinutes}m  # as far apart as two returns were: held for that long it is one alert`,
  ];
  return page(
    '#### Advice',
    `**whoever owns the alert**: tune ${inline(alertname)} (told by ${source}). It came back ${flaps.length} times; after the third time its incident is not investigated again.`,
    flaps.map((at, index) => `- return ${index + 1} at ${at}`).join('\n'),
    'One of these, the first that fits:',
    [
      '1. Hold it: `keep_firing_for` (Prometheus 2.42 or newer; "keep firing for" in Grafana) makes one alert out of several that follow each other.',
      '2. Wait longer: a longer `for:` ("pending period" in Grafana) leaves out spells that end by themselves.',
      '3. Two thresholds: fire above one, and resolve only below a lower one, so that a value that swings around a line does not fire each time.',
      '4. A trend instead of a level: `rate(…)`, `avg_over_time(…)` or `predict_linear(…)` over a window in place of the value of the moment.',
    ].join('\n'),
    block(rule.join('\n'), 'yaml'),
    '`/investigate` still reads the evidence at any time; `/snooze <duration>` keeps this incident quiet until the alert is tuned.',
  );
}
