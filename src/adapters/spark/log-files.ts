/** A file of an event log, plain or packed. */
export interface EventLog {
  readonly path: string;
  bytes(): AsyncIterable<Uint8Array>;
}

/** The files of one attempt of one application, in the order in which they were written. */
export interface ApplicationLog {
  /** From the name of its file or folder; what the log itself says goes before it. */
  readonly id: string;
  /** Where all attempts of the application lie. */
  readonly folder: string;
  readonly attempt: number;
  readonly finished: boolean;
  readonly files: readonly EventLog[];
  /** What the names tell to be missing. */
  readonly gaps: readonly string[];
}

interface Named {
  readonly log: EventLog;
  readonly folder: string;
  readonly name: string;
}

const aside = /^[._]|\.crc$|^(?:stdout|stderr|log4j)/;
const codecEnding = /\.(?:zstd|zst|gz|lz4|snappy|lzf)$/;
const sparkName = /^(?:application_\d+_\d+|app-\d+-\d+|local-\d+|spark-[0-9a-f]+)/;

/**
 * Sorts files into applications by Spark's names: rolling logs (`eventlog_v2_<id>/events_<n>_<id>`), Databricks' deliveries (`eventlog`
 * and `eventlog-<time>.gz` in one folder) and single files (`<id>[_<attempt>][.<codec>][.inprogress]`). Files of any other name count
 * only where there is none of these: somebody has renamed them.
 */
export function applicationsIn(logs: readonly EventLog[]): readonly ApplicationLog[] {
  const named = logs.map(namedOf).filter(({ name }) => !aside.test(name));
  const rolling = named.filter(({ folder }) => /^eventlog_v2_/.test(lastOf(folder)));
  const delivered = named.filter((one) => !rolling.includes(one) && /^eventlog(?:-\d[\w-]*)?(?:\.\w+)?$/.test(one.name));
  const single = named.filter((one) => !rolling.includes(one) && !delivered.includes(one));
  const known = [
    ...[...grouped(rolling)].flatMap(([folder, files]) => rollingLog(folder, files)),
    ...[...grouped(delivered)].map(([folder, files]) => deliveredLog(folder, files)),
    ...single.filter(({ name }) => sparkName.test(name)).map(singleLog),
  ];
  return known.length > 0 ? known : single.map(singleLog);
}

function rollingLog(folder: string, files: readonly Named[]): readonly ApplicationLog[] {
  const numbered = files.flatMap((file) => {
    const number = /^events_(\d{1,9})_/.exec(file.name)?.[1];
    return number === undefined ? [] : [{ ...file, number: Number(number), compacted: file.name.endsWith('.compact') }];
  });
  if (numbered.length === 0) return [];
  const compacted = Math.max(0, ...numbered.filter((file) => file.compacted).map((file) => file.number));
  // A compacted file stands for itself and for all before it.
  const read = numbered
    .filter((file) => (file.compacted ? file.number === compacted : file.number > compacted))
    .sort((one, other) => one.number - other.number);
  const first = read[0]?.number ?? 0;
  const gaps = [
    ...(compacted > 0 ? ['Spark compacted the log: events of finished jobs were removed'] : []),
    ...(compacted === 0 && first > 1 ? [`the log begins with its file ${first}`] : []),
    ...(read.some((file, index) => file.number !== first + index) ? ['files in the middle of the log are missing'] : []),
  ];
  const finished = !files.some(({ name }) => /^appstatus_.*\.inprogress$/.test(name));
  const identity = identityOf(lastOf(folder).slice('eventlog_v2_'.length));
  return [{ ...identity, folder: above(folder), finished, files: read.map(({ log }) => log), gaps }];
}

/** Rolled files carry their time in their names; the one that is still written is plain `eventlog` and the last. */
function deliveredLog(folder: string, files: readonly Named[]): ApplicationLog {
  const rank = ({ name }: Named) => (/^eventlog-/.test(name) ? name : '\uffff');
  const sorted = [...files].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  return { id: lastOf(folder), folder, attempt: 1, finished: true, files: sorted.map(({ log }) => log), gaps: [] };
}

function singleLog({ log, folder, name }: Named): ApplicationLog {
  return { ...identityOf(name), folder, finished: !name.endsWith('.inprogress'), files: [log], gaps: [] };
}

function identityOf(name: string): Pick<ApplicationLog, 'id' | 'attempt'> {
  const bare = name.replace(/\.inprogress$/, '').replace(codecEnding, '');
  const [, id = bare, attempt = '1'] = /^(application_\d+_\d+|app-\d+-\d+|local-\d+|spark-[0-9a-f]+)_(\d{1,6})$/.exec(bare) ?? [];
  return { id, attempt: Number(attempt) };
}

function namedOf(log: EventLog): Named {
  return { log, folder: above(log.path), name: lastOf(log.path) };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function grouped(files: readonly Named[]): ReadonlyMap<string, readonly Named[]> {
  const groups = new Map<string, Named[]>();
  for (const file of files) {
    const group = groups.get(file.folder) ?? [];
    groups.set(file.folder, group);
    group.push(file);
  }
  return groups;
}
