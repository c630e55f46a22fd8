import { gunzip } from './gunzip.ts';
import { unzstd } from './zstd.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** How each of Spark's codecs begins; what is none of them is taken for text. */
const codecs: readonly { readonly name: string; readonly magic: string; readonly unpack: ((bytes: Bytes) => Bytes) | null }[] = [
  { name: 'gzip', magic: '1f8b', unpack: gunzip },
  { name: 'zstd', magic: '28b52ffd', unpack: unzstd },
  { name: 'lz4', magic: '4c5a34426c6f636b', unpack: null },
  { name: 'lz4', magic: '04224d18', unpack: null },
  { name: 'snappy', magic: '82534e41505059', unpack: null },
  { name: 'lzf', magic: '5a56', unpack: null },
];
/** As long as the longest header of a zstd frame (RFC 8878, 3.1.1), which is looked at before anything is unpacked. */
const headerBytes = 18;

/** The file's text, unpacked as it comes, by what it begins with: names of event logs are not to be relied on. Throws on a codec that we do not read. */
export async function* unpacked(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const parts = bytes[Symbol.asyncIterator]();
  const start: Uint8Array[] = [];
  let size = 0;
  while (size < headerBytes) {
    const next = await parts.next();
    if (next.done === true) break;
    start.push(next.value);
    size += next.value.byteLength;
  }
  const first = Buffer.concat(start);
  const whole = andThen(first, parts);
  const codec = codecs.find(({ magic }) => first.toString('hex', 0, magic.length / 2) === magic);
  if (codec === undefined) yield* whole;
  else if (codec.unpack !== null) yield* codec.unpack(whole);
  else {
    await parts.return?.();
    throw new Error(`${codec.name} is not read: set spark.eventLog.compression.codec to zstd, or give the log unpacked`);
  }
}

async function* andThen(first: Uint8Array, parts: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) yield next.value;
  } finally {
    await parts.return?.();
  }
}
