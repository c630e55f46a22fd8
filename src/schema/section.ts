import { meant, nearest } from '../core/nearest.ts';
import type { Fault } from '../model/reason.ts';
import type { Located } from './located.ts';

/** Collects every fault of one file. */
export type Report = (line: number, message: string, fix: string) => void;

export function reportInto(faults: Fault[], code: Fault['code'], file: string): Report {
  return (line, message, fix) => {
    faults.push({ code, file, line, message, fix });
  };
}

/**
 * One map of a file being read: each reading names its key, says what is wrong at its line, and goes on with the default, so that a
 * single pass finds all faults. Unknown keys are faults as soon as the section is opened.
 */
export class Section {
  readonly line: number;
  readonly #name: string;
  readonly #members: ReadonlyMap<string, Located>;
  readonly #report: Report;
  /** Keys that misspelt ones were probably meant for: their lack is no second fault. */
  readonly #meant: ReadonlySet<string>;

  constructor(node: Located, name: string, keys: readonly string[], report: Report) {
    this.line = node.line;
    this.#name = name;
    const isMap = node.kind === 'map';
    // What is no map at all lacks no keys.
    this.#report = isMap ? report : () => {};
    this.#members = isMap ? node.members : new Map();
    if (!isMap) report(node.line, `${name} is ${show(node)}, not a map`, `Write ${name} as keys and values: ${keys.join(', ')}.`);
    const unknown = [...this.#members].filter(([key]) => !keys.includes(key));
    this.#meant = new Set(unknown.flatMap(([key]) => nearest(key, keys) ?? []));
    for (const [key, member] of unknown) report(member.line, `unknown key ${quote(key)} in ${name}`, meant(key, keys));
  }

  /** The value under a key; null when it is absent or empty. */
  at(key: string): Located | null {
    const found = this.#members.get(key);
    return found === undefined || found.kind === 'null' ? null : found;
  }

  /** A nested map; where it is absent, an empty one. */
  section(key: string, keys: readonly string[]): Section {
    const empty: Located = { line: this.line, kind: 'map', text: '', members: new Map(), items: [] };
    return new Section(this.at(key) ?? empty, `${this.#name}.${key}`, keys, this.#report);
  }

  items(key: string): readonly Located[] {
    const found = this.at(key);
    if (found !== null && found.kind !== 'list') {
      const items = isScalar(found) && /^[\w./-]+$/.test(found.text) ? found.text : 'one, another';
      this.fault(key, `is ${show(found)}, not a list`, `Write it as a list: ${key}: [${items}].`);
    }
    return found?.items ?? [];
  }

  /** Texts of a list. */
  texts(key: string, fallback: readonly string[], isFit: (text: string) => boolean, fix: string): readonly string[] {
    if (this.at(key) === null) return fallback;
    return this.items(key).flatMap((item) => {
      if (isScalar(item) && isFit(item.text)) return [item.text];
      this.#report(item.line, `${this.#name}.${key} holds ${show(item)}`, fix);
      return [];
    });
  }

  text(key: string, isFit: (text: string) => boolean, fix: string): string | null {
    const found = this.at(key);
    if (found === null) return null;
    if (isScalar(found) && isFit(found.text)) return found.text;
    this.fault(key, `is ${show(found)}`, fix);
    return null;
  }

  /** A text that must be there; the empty text when it is not, with a fault. */
  needed(key: string, isFit: (text: string) => boolean, fix: string): string {
    if (this.at(key) === null) this.lack(key, fix);
    return this.text(key, isFit, fix) ?? '';
  }

  oneOf<Word extends string>(key: string, words: readonly Word[], fallback: Word): Word {
    const found = this.text(key, (text) => words.some((word) => word === text), `Use ${words.join(' or ')}.`);
    return words.find((word) => word === found) ?? fallback;
  }

  flag(key: string, fallback: boolean): boolean {
    const found = this.at(key);
    if (found === null) return fallback;
    if (found.kind !== 'boolean') this.fault(key, `is ${show(found)}`, 'Use true or false.');
    return found.kind === 'boolean' ? /^t/i.test(found.text) : fallback;
  }

  integer(key: string, least: number, most: number, fallback: number): number {
    const found = this.text(
      key,
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `Use a whole number from ${least} to ${most}.`,
    );
    return found === null ? fallback : Number(found);
  }

  /** Minutes, of a duration such as 30m, 24h or 3d. */
  minutes(key: string, fallback: number): number {
    const found = this.text(key, (text) => /^[1-9]\d{0,5}[mhd]$/.test(text), 'Use a duration such as 30m, 24h or 3d.');
    if (found === null) return fallback;
    const unit = found.endsWith('m') ? 1 : found.endsWith('h') ? 60 : 1440;
    return Number(found.slice(0, -1)) * unit;
  }

  /** A key that must be there and is not. */
  lack(key: string, fix: string): void {
    if (!this.#meant.has(key)) this.fault(key, 'is missing', fix);
  }

  fault(key: string, message: string, fix: string): void {
    this.#report(this.#members.get(key)?.line ?? this.line, `${this.#name}.${key} ${message}`, fix);
  }
}

export function isScalar(node: Located): boolean {
  return node.kind === 'text' || node.kind === 'number' || node.kind === 'boolean';
}

/** A value in a message: short, on one line. */
export function show(node: Located): string {
  return isScalar(node) ? quote(node.text) : node.kind === 'null' ? 'empty' : `a ${node.kind}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
