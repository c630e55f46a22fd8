import { writeFloat } from './promql/literals.ts';
import type { Labels } from './promql/value.ts';

export interface Exposed {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  readonly type: 'gauge' | 'counter';
}

/** Prometheus' text format 0.0.4, one family after another, without timestamps. */
export function exposition(samples: readonly Exposed[]): string {
  const families = new Map<string, Exposed[]>();
  for (const sample of samples) families.set(sample.name, [...(families.get(sample.name) ?? []), sample]);
  return [...families]
    .map(([name, family]) => `# TYPE ${name} ${family[0]?.type ?? 'gauge'}\n${family.map(line).join('')}`)
    .join('');
}

/** OpenMetrics with timestamps in seconds, as `promtool tsdb create-blocks-from openmetrics` reads it; ends with `# EOF`. */
export function openMetrics(scrapes: readonly { readonly at: number; readonly samples: readonly Exposed[] }[]): string {
  const families = new Map<string, string[]>();
  for (const { at, samples } of scrapes) {
    for (const sample of samples) {
      const lines = families.get(sample.name) ?? [];
      families.set(sample.name, lines);
      lines.push(`${sample.name}${labelText(sample.labels)} ${writeFloat(sample.value)} ${at / 1000}\n`);
    }
  }
  return `${[...families].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join('')}`).join('')}# EOF\n`;
}

function line(sample: Exposed): string {
  return `${sample.name}${labelText(sample.labels)} ${writeFloat(sample.value)}\n`;
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
