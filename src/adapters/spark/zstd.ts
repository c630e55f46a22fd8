import { Decompress } from 'fzstd';

/** A push is this small, because each of its bytes may unpack to many: RLE blocks give 32 KiB for one. */
const pushBytes = 16 * 1024;
const mostAtOnce = 64 * 1024 * 1024;
/** zstd's own default limit for a stream of unknown origin. */
const largestWindow = 128 * 1024 * 1024;

/** zstd as it comes. Throws where it is damaged or ends too early, after all that could be unpacked was given. */
export async function* unzstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((part) => {
    ready.push(part.slice());
    size += part.byteLength;
    if (size > mostAtOnce) throw new Error('the zstd data unpacks to far more than an event log');
  });
  const taken = () => {
    const parts = ready;
    ready = [];
    size = 0;
    return parts;
  };
  let begun = false;
  for await (const part of bytes) {
    if (!begun && windowOf(part) > largestWindow) throw new Error('the zstd window is larger than 128 MiB');
    begun = true;
    for (let at = 0; at < part.byteLength; at += pushBytes) {
      const fault = faultOf(() => stream.push(part.subarray(at, at + pushBytes)));
      yield* taken();
      if (fault !== null) throw fault;
    }
  }
  const fault = faultOf(() => stream.push(new Uint8Array(0), true));
  yield* taken();
  if (fault !== null) throw fault;
}

function faultOf(push: () => unknown): Error | null {
  try {
    push();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error('damaged zstd data');
  }
}

/** From the first frame's header (RFC 8878, 3.1.1.1): the library would set aside whatever a header asks for. */
function windowOf(start: Uint8Array): number {
  const descriptor = start[4] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const window = start[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const width = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  const size = Array.from({ length: width }, (_, index) => (start[5 + dictionary + index] ?? 0) * 256 ** index);
  return size.reduce((sum, each) => sum + each, 0);
}
