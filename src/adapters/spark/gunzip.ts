import { createGunzip } from 'node:zlib';

/** A write is this small, because each of its bytes may unpack to a thousand. */
const writeBytes = 32 * 1024;
const pieceBytes = 256 * 1024;

/**
 * gzip as it comes. Throws where it is damaged or ends too early, after all that could be unpacked was given: piped streams would throw
 * away what was not taken yet.
 */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: pieceBytes });
  let ready: Uint8Array[] = [];
  let fault: Error | null = null;
  let settled = () => {};
  stream.on('data', (part: Uint8Array) => ready.push(part));
  // A write that fails is not called back: the stream's own events tell.
  stream.on('error', (error) => {
    fault ??= error;
    settled();
  });
  stream.on('close', () => settled());
  const step = async function* (act: () => void) {
    await new Promise<void>((resolve) => {
      settled = resolve;
      act();
    });
    const parts = ready;
    ready = [];
    yield* parts;
    if (fault !== null) throw fault;
  };
  try {
    for await (const part of bytes)
      for (let at = 0; at < part.byteLength; at += writeBytes)
        yield* step(() => stream.write(part.subarray(at, at + writeBytes), () => settled()));
    yield* step(() => (stream.closed ? settled() : stream.end()));
  } finally {
    stream.destroy();
  }
}
