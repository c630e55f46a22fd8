import { batchSettings, scan, shuffle } from '../../src/twin/pipeline/batch-workloads.ts';
import { gib } from '../../src/twin/pipeline/bytes.ts';
import type { StageWork } from '../../src/twin/pipeline/stage.ts';
import type { StreamWorkload, Workload } from '../../src/twin/pipeline/workload.ts';
import { workload } from '../../src/twin/pipeline/workloads.ts';
import { rehearsalStart } from './rehearsal.ts';

export const MADE_JOB = '1234567890123456999';

/** What is wrong with a batch job: its data in GiB, how its code treats them, and the settings that do not fit. */
export interface MadeBatch {
  readonly alertname: string;
  readonly scanned?: number;
  readonly shuffled: number;
  readonly conf: Readonly<Record<string, string>>;
  readonly scan?: Partial<StageWork>;
  readonly shuffle?: Partial<StageWork>;
}

/** A job on 4 × m5.2xlarge (32 cores, 1.6 GB for each task) that passed an hour before the start. */
export function madeBatch(made: MadeBatch): Workload {
  const minuteOfDay = Math.floor(rehearsalStart.getTime() / 60_000) - 60;
  const data = { scanBytes: (made.scanned ?? 10) * gib, shuffleBytes: made.shuffled * gib, hotShare: 0 };
  return {
    name: 'made',
    jobId: MADE_JOB,
    settings: batchSettings('made', 'work', 'm5.2xlarge', 4, made.conf),
    schedule: { kind: 'every', minutes: 360, offsetMinutes: ((minuteOfDay % 360) + 360) % 360 },
    historyHours: 2,
    work: {
      ...{ kind: 'batch', taskKey: 'work', operation: 'join', input: () => data },
      scan: { ...scan, ...made.scan },
      shuffle: { ...shuffle, unspillable: 0.2, ...made.shuffle },
    },
    alert: { labels: { alertname: made.alertname }, annotations: {} },
  };
}

/** The stream of the rehearsed job `name`, with other settings or another load. */
export function madeStream(
  name: 'lag' | 'lagNarrow',
  change: { readonly settings?: (text: string) => string; readonly produced?: StreamWorkload['produced'] },
): Workload {
  const base = workload(name, rehearsalStart);
  if (base.work.kind !== 'stream') throw new Error(`${name} is no stream`);
  const settings = change.settings?.(base.settings) ?? base.settings;
  const work = { ...base.work, ...(change.produced && { produced: change.produced }) };
  return { ...base, jobId: MADE_JOB, settings, work };
}
