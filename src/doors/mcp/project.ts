import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../model/config.ts';
import type { RunbookFile } from '../../model/runbook.ts';
import type { Target } from '../../model/target.ts';
import type { ConfigReader, ContentReader } from '../../ports.ts';
import { readRules, readRunbookFiles, readTargetFiles } from '../cli/checkout.ts';
import { faulty } from './answer.ts';

/** The one repository that the tools speak of: its config, its runbooks and the files of its targets. */
export interface Project {
  /** `config` is null where there is none. */
  rules(): Promise<{ readonly config: Config | null; readonly limits: Config['limits'] }>;
  runbooks(): Promise<readonly RunbookFile[]>;
  /** A runbook's whole text. */
  textOf(file: RunbookFile): Promise<string>;
  /** The files of a target that are there. */
  filesOf(target: Target): Promise<readonly { readonly path: string; readonly text: string }[]>;
}

/** A checkout as it lies on disk, read anew for each question; without runbooks of its own those that come with Sluice are used. */
export function checkoutProject(folder: string): Project {
  return {
    rules: async () => readRules(folder),
    runbooks: async () => readRunbookFiles(folder).runbooks,
    textOf: async ({ runbook }) => readFileSync(join(readRunbookFiles(folder).root, runbook.file), 'utf8'),
    filesOf: async (target) => readTargetFiles(folder, target),
  };
}

/** The default branch as GitHub has it now: one commit for everything that one project is asked. */
export function branchProject(branch: ConfigReader & Pick<ContentReader, 'read'>): Project {
  let read: ReturnType<ConfigReader['config']> | null = null;
  const policy = () => {
    read ??= branch.config();
    return read;
  };
  const textAt = async (path: string) => branch.read(path, (await policy()).commit);
  return {
    async rules() {
      const answer = await policy();
      if (!answer.ok) throw faulty(answer.faults);
      return { config: answer.value, limits: answer.value.limits };
    },
    runbooks: async () => (await branch.runbooks((await policy()).commit)).runbooks,
    textOf: async ({ runbook }) => (await textAt(runbook.file))?.text ?? '',
    async filesOf(target) {
      const found = await Promise.all(target.files.map(async (path) => ({ path, file: await textAt(path) })));
      return found.flatMap(({ path, file }) => (file ? [{ path, text: file.text }] : []));
    },
  };
}
