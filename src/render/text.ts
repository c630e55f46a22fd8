/**
 * Outside text as inline code that cannot end early, mention anybody, or become markup: control, bidirectional and zero-width
 * characters are shown as escapes, line breaks as spaces, and the fence is longer than any run of backticks inside.
 */
export function inline(text: string, most = 200): string {
  const shown = withoutMarks(visible(text)).replace(/\s+/g, ' ').trim();
  const cut = shown.length > most ? `${shown.slice(0, most)}…` : shown;
  if (cut === '') return '(empty)';
  const fence = '`'.repeat(longestRun(cut, '`') + 1);
  const padding = fence.length > 1 || cut.startsWith('`') || cut.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${cut}${padding}${fence}`;
}

/** A block of outside text in a fence that the text cannot close. */
export function block(text: string, language = 'text', most = 20_000): string {
  const plain = withoutMarks(text);
  const cut = plain.length > most ? `${plain.slice(0, most)}\n… cut after ${most} characters` : plain;
  const fence = '`'.repeat(Math.max(3, longestRun(cut, '`') + 1));
  return `${fence}${language}\n${cut.replace(/\n$/, '')}\n${fence}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  // A pipe ends a cell even inside code.
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Paragraphs, empty ones left out. */
export function page(...parts: readonly (string | null)[]): string {
  return `${parts.filter((part) => part !== null && part !== '').join('\n\n')}\n`;
}

/** GitHub refuses more than 65,536 characters in a body; what is said gives way, our marks do not. */
const LONGEST_BODY = 65_000;

/** A page with marks at its end; where both do not fit, the marks come first and the words are cut. */
export function marked(marks: string, ...parts: readonly (string | null)[]): string {
  const whole = page(...parts, marks);
  if (whole.length <= LONGEST_BODY) return whole;
  const words = page(...parts).slice(0, LONGEST_BODY - marks.length - 100);
  return page(marks, words, '… cut here: the rest is longer than GitHub shows.');
}

/** A count with its noun: `1 write`, `2 writes`. The plural is given where an s does not make it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A number for people: three significant digits, bytes and seconds in their usual units. */
export function quantity(value: number | string | boolean | null, unit: string): string {
  if (value === null) return 'unknown';
  if (typeof value !== 'number') return inline(String(value), 80);
  if (unit === 'bytes') return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  if (unit === 's' && Math.abs(value) >= 120) return `${(value / 60).toFixed(1)} min`;
  const shown = Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
  // The sign says how a signal is read, not what it measures.
  const named = unit.replace(/^±/, '');
  return named === '' || named === '0 or 1' ? shown : `${shown} ${named}`;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let [left, index] = [value, 0];
  while (Math.abs(left) >= base && index < units.length - 1) [left, index] = [left / base, index + 1];
  return `${Number(left.toPrecision(3))} ${units[index]}`;
}

/** Our own marks are found by their text: outside text that looks like one must not. */
function withoutMarks(text: string): string {
  return text.replaceAll('<!-- sluice:', '<! -- sluice:');
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, (character) =>
    /\s/.test(character) ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function longestRun(text: string, character: string): number {
  return Math.max(0, ...[...text.matchAll(new RegExp(`${character}+`, 'g'))].map((found) => found[0].length));
}
