import { readFileSync } from 'node:fs';
import type { Config } from '../../model/config.ts';
import { parseConfig } from '../../schema/config.ts';
import { Refused, refusedForFaults } from './answer.ts';

/** Where the repository says what Sluice may do. */
export const CONFIG_FILE = '.github/sluice.yml';

/** A file's text with every byte kept, a byte order mark included. Refuses what is not there (2) and what is not UTF-8 (1). */
export function readExactText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new Refused(1, 'parse_failed', 'is not UTF-8 text', { file, fix: 'Save the file as UTF-8.' });
    throw new Refused(2, 'file_missing', whyUnread(error), { file, fix: 'Give the path of a file that can be read.' });
  }
}

/** A file's text for reading, without a byte order mark. */
export function readText(file: string): string {
  return readExactText(file).replace(/^\ufeff/, '');
}

/** .github/sluice.yml or another config file, whole: with faults it says nothing that could be relied on. */
export function readConfig(file: string): Config {
  const parsed = parseConfig(readConfigText(file), file);
  if (!parsed.ok) throw refusedForFaults(parsed.faults, file);
  return parsed.value;
}

function readConfigText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (!(error instanceof Refused) || error.exit !== 2) throw error;
    const fix = `Run this in a checkout that has ${CONFIG_FILE}, or name the file with --config.`;
    throw new Refused(2, 'config_missing', error.message, { file, fix });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function whyUnread(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  return code === 'EISDIR' ? 'is a folder, not a file' : `could not be read (${code || 'unknown reason'})`;
}
