/** Cuts bytes into lines as they come, holding at most one line. */
export interface LineCutter {
  push(part: Buffer): void;
  /** What stands after the last line end, and whether it may be a whole line. */
  rest(): { readonly line: Buffer | null; readonly whole: boolean };
  /** Lines that were wanted and too long to hold. */
  tooLong(): number;
}

/** Plans of large queries come as lines of many MB; the lines we read are a thousandth of this. */
const longestLine = 16 * 1024 * 1024;
const startBytes = 200;
const lineEnd = 10;
const closingBrace = 125;

/** `take` is given each line without its end; a line that `wanted` does not want from its first 200 bytes is not held. */
export function cutLines(take: (line: Buffer) => void, wanted: (start: Buffer) => boolean): LineCutter {
  let held: Buffer[] = [];
  let size = 0;
  let skipping = false;
  let tooLong = 0;
  let lastByte = closingBrace;
  const drop = () => {
    held = [];
    size = 0;
  };
  const hold = (part: Buffer) => {
    lastByte = part.at(-1) ?? lastByte;
    if (skipping || part.length === 0) return;
    const known = size >= startBytes;
    held.push(part);
    size += part.length;
    if (!known && size >= startBytes && !wanted(Buffer.concat(held).subarray(0, startBytes))) {
      skipping = true;
      drop();
    } else if (size > longestLine) {
      tooLong += 1;
      skipping = true;
      drop();
    }
  };
  return {
    push: (part) => {
      let at = 0;
      for (let end = part.indexOf(lineEnd); end >= 0; end = part.indexOf(lineEnd, at)) {
        const last = part.subarray(at, end);
        if (skipping) skipping = false;
        else take(held.length === 0 ? last : Buffer.concat([...held, last]));
        drop();
        lastByte = closingBrace;
        at = end + 1;
      }
      hold(Buffer.from(part.subarray(at)));
    },
    rest: () => ({ line: skipping || size === 0 ? null : Buffer.concat(held), whole: lastByte === closingBrace }),
    tooLong: () => tooLong,
  };
}
