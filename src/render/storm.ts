import type { Signal } from '../model/signal.ts';
import { counted, inline, page } from './text.ts';

export const STORM_TITLE = 'More alerts than incidents an hour';

/** Alert, target and labels of one row, quoted; what is read back from the summary is never quoted a second time. */
export function stormCells({ alertname, labels }: Signal, target: string | null): string {
  const named = Object.entries(labels)
    .filter(([label]) => label !== 'alertname')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`);
  const cells = [inline(alertname, 80), target ?? 'none', inline(named.join(', '), 160)];
  return cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ');
}

export interface ShownStorm {
  readonly rows: readonly string[];
  readonly waiting: number;
  readonly told: number;
  readonly perHour: number;
  readonly mark: string;
}

/** The one issue that stands for everything that found no room. Its rows are how the next update knows them. */
export function stormBody({ rows, waiting, told, perHour, mark }: ShownStorm): string {
  const head =
    waiting > 0
      ? `**Waiting: ${counted(told, 'more alert')} of ${counted(waiting, 'identity', 'identities')}.**`
      : '**Nothing waits here any more.**';
  return page(
    head,
    `At most ${perHour} incidents are opened an hour (\`limits.incidents_per_hour\`). As soon as there is room, the next repeat of an alert below opens its incident, and its row says which. This summary is edited at most once a minute; commands are not heard here.`,
    [
      '| alert | target | labels | told at least | first | last | standing |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    mark,
  );
}
