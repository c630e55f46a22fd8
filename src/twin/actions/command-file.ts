/** GITHUB_OUTPUT and GITHUB_ENV: `name=value`, or `name<<WORD`, lines, `WORD`. */
export function readCommandFile(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const long = /^([^=]+?)<<(.+)$/.exec(line);
    const short = /^([^=]+)=(.*)$/.exec(line);
    if (long !== null) {
      const end = lines.indexOf(long[2] ?? '', at + 1);
      if (end < 0) throw new Error(`${long[1]} has no end in the command file`);
      found[long[1] ?? ''] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (short !== null) found[short[1] ?? ''] = short[2] ?? '';
  }
  return found;
}
