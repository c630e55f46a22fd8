import { performance } from 'node:perf_hooks';
import type { SparkEvent } from '../../schema/spark-event.ts';
import { lineStart, readSparkLine } from '../../schema/spark-event.ts';
import type { StageAttempt } from './attempts.ts';
import { unpacked } from './codec.ts';
import { foldStages } from './fold-stages.ts';
import { cutLines, type LineCutter } from './lines.ts';
import type { EventLog } from './log-files.ts';

/** How far one application's log is read. */
export interface LogBounds {
  /** Of files, as they lie there. */
  readonly packedBytes: number;
  /** Of text: a small file may hold a large one. */
  readonly textBytes: number;
  readonly milliseconds: number;
}

export const logBounds: LogBounds = { packedBytes: 2 * 1024 ** 3, textBytes: 8 * 1024 ** 3, milliseconds: 60_000 };

/** What a log says of its application; null where it does not say. */
export interface ApplicationFacts {
  readonly id: string | null;
  readonly name: string | null;
  readonly started: number | null;
  readonly clusterId: string | null;
  readonly clusterName: string | null;
}

export interface ReadLog {
  readonly facts: ApplicationFacts;
  readonly stages: readonly StageAttempt[];
  /** Lines that are events of Spark, whatever they tell. */
  readonly events: number;
  /** Why not everything was read; empty where it was. */
  readonly gaps: readonly string[];
}

/** A reading that stops early throws this up through the unpacking; its message says where it stopped. */
class Stop extends Error {}

/**
 * Reads an application's files one after the other with one line in memory. What cannot be read ends the reading: everything before it
 * counts, and `gaps` says what is missing. Never throws.
 */
export async function readLog(files: readonly EventLog[], bounds: LogBounds = logBounds): Promise<ReadLog> {
  const reading = begin();
  const counted = counter(bounds);
  for (const file of files) {
    const cutter = cutLines(reading.line, reading.wanted);
    const fault = await pour(file, cutter, counted);
    reading.end(cutter, file);
    if (fault === null) continue;
    reading.gap(`${nameOf(file)}: ${fault}`);
    break;
  }
  return reading.read();
}

/** Only what stands at the top of a log: which application it is. */
export async function readHead(files: readonly EventLog[]): Promise<ApplicationFacts> {
  const reading = begin();
  const [first] = files;
  if (first === undefined) return reading.read().facts;
  const top = { packedBytes: 4 * 1024 ** 2, textBytes: 4 * 1024 ** 2, milliseconds: 5_000 };
  const known = () => reading.read().facts.started !== null && reading.environment();
  await pour(first, cutLines(reading.line, reading.wanted), counter(top), known);
  return reading.read().facts;
}

function begin() {
  const fold = foldStages();
  const gaps: string[] = [];
  let facts: ApplicationFacts = { id: null, name: null, started: null, clusterId: null, clusterName: null };
  let environment = false;
  let events = 0;
  let malformed = 0;
  let strange = 0;
  const take = (event: SparkEvent) => {
    if (event.what === 'application') facts = { ...facts, id: event.id, name: event.name, started: event.started };
    else if (event.what === 'environment') {
      environment = true;
      facts = { ...facts, clusterId: event.clusterId, clusterName: event.clusterName };
    } else if (!fold.add(event)) throw new Stop('it has more tasks or stages than are kept');
  };
  const line = (text: Buffer) => {
    const read = readSparkLine(text);
    if (read.is === 'malformed') malformed += 1;
    else if (read.is === 'strange') strange += text.length > 1 ? 1 : 0;
    else events += 1;
    if (read.is === 'event') take(read.event);
  };
  const wanted = (start: Buffer) => {
    const kind = lineStart(start);
    if (kind === 'strange') strange += 1;
    else if (kind === 'other') events += 1;
    return kind === 'wanted';
  };
  return {
    line,
    wanted,
    environment: () => environment,
    gap: (why: string) => gaps.push(why),
    /** A line without its end may be whole. One that is cut belongs to a log that is still written, or whose writer died. */
    end: (cutter: LineCutter, file: EventLog) => {
      const { line: rest, whole } = cutter.rest();
      if (rest !== null && whole) line(rest);
      if (!whole) gaps.push(`${nameOf(file)} ends in the middle of a line`);
      if (cutter.tooLong() > 0) gaps.push(`${nameOf(file)}: ${cutter.tooLong()} lines are too long`);
    },
    read: (): ReadLog => {
      const unread = [
        ...(malformed === 0 ? [] : [`events of a shape that is not Spark's: ${malformed}`]),
        ...(strange === 0 ? [] : [`lines that are no events: ${strange}`]),
      ];
      return { facts, stages: fold.stages(), events, gaps: [...gaps, ...unread] };
    },
  };
}

/** Gives the file's text to the cutter; the reason where that ended early. */
async function pour(
  file: EventLog,
  cutter: LineCutter,
  counted: ReturnType<typeof counter>,
  enough: () => boolean = () => false,
): Promise<string | null> {
  try {
    for await (const part of unpacked(counted.packed(file.bytes()))) {
      counted.text(part.byteLength);
      cutter.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
      if (enough()) break;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}

function counter({ packedBytes, textBytes, milliseconds }: LogBounds) {
  const begun = performance.now();
  let packed = 0;
  let text = 0;
  return {
    async *packed(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const part of parts) {
        packed += part.byteLength;
        if (packed > packedBytes) throw new Stop(`reading stopped after ${inWords(packedBytes)}`);
        yield part;
      }
    },
    text: (bytes: number) => {
      text += bytes;
      if (text > textBytes) throw new Stop(`reading stopped after ${inWords(textBytes)} of text`);
      if (performance.now() - begun > milliseconds) throw new Stop(`reading stopped after ${milliseconds / 1000} s`);
    },
  };
}

function inWords(bytes: number): string {
  const mib = bytes / 1024 ** 2;
  return mib >= 1024 ? `${mib / 1024} GiB` : `${mib} MiB`;
}

function nameOf(file: EventLog): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}
