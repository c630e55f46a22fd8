import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatOf } from '../../core/edit/edit.ts';
import { lineOf } from '../../core/edit/layout.ts';
import { readTree } from '../../core/edit/text.ts';
import { childPath, type TreeNode } from '../../core/edit/tree.ts';
import { jobFacts } from '../../core/job-facts.ts';
import { unreadableFault } from '../../core/unreadable.ts';
import type { Target } from '../../model/target.ts';
import { type CheckFault, faultIn } from './check-fault.ts';
import { CONFIG_FILE, readText } from './files.ts';

/** A job file must parse, and hold each key once: of two, nobody can say which one Databricks takes. */
export function jobFileFaults(folder: string, file: string): readonly CheckFault[] {
  const format = formatOf(file);
  if (format === null) return [];
  const text = readText(join(folder, file));
  const tree = readTree(format, text);
  if (tree.ok) return repeatedKeys(tree.value, text).map((found) => ({ ...found, file }));
  return [unreadableFault(file, tree.reason)];
}

type Repeated = Omit<CheckFault, 'file'>;

function repeatedKeys(node: TreeNode, text: string, path = ''): readonly Repeated[] {
  const seen = new Map<string, number>();
  const own = node.members.flatMap(({ key, keyStart }): Repeated[] => {
    const first = seen.get(key);
    const line = lineOf(text, keyStart);
    if (first === undefined) seen.set(key, line);
    // Spark reads the last of repeated settings, so a .conf file says what it means.
    if (first === undefined || node.lastWins) return [];
    const message = `the key ${childPath(path, key)} stands in line ${first} already`;
    return [{ code: 'key_duplicate', line, message, fix: 'Keep the one that is meant.' }];
  });
  const members = node.members.flatMap((member) => repeatedKeys(member.value, text, childPath(path, member.key)));
  return [...own, ...members, ...node.items.flatMap((item, at) => repeatedKeys(item, text, childPath(path, String(at))))];
}

/** What a target of the config promises: its files, and in a job's JSON its task and cluster. */
export function targetFaults(folder: string, target: Target): readonly CheckFault[] {
  const at = { file: CONFIG_FILE, line: target.line };
  const missing = target.files.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    return missing.map((file) => ({
      ...{ code: 'file_missing' as const, ...at },
      message: `target ${target.name} names ${file}, which is not there`,
      fix: 'Correct the path, or bring the job into Git.',
    }));
  if (target.kind !== 'job-json') return [];
  return target.files.flatMap((file) => faultIn(file, () => partFaults(join(folder, file), file, target, at)));
}

function partFaults(path: string, file: string, target: Target, at: Pick<CheckFault, 'file' | 'line'>): readonly CheckFault[] {
  const facts = jobFacts(readText(path), target, []);
  // What does not parse is told by the file's own check.
  if (facts.ok || facts.reason.code === 'parse_failed') return [];
  const { code, subject, expected, observed } = facts.reason;
  const message = `target ${target.name}: ${subject} in ${file}: expected ${expected}, found ${observed}`;
  return [{ code, ...at, message, fix: 'Correct task: or cluster: of the target, or the job file.' }];
}
