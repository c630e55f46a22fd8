import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { matchTarget, type TargetMatch } from '../../core/target.ts';
import type { Config } from '../../model/config.ts';
import type { RunbookFile } from '../../model/runbook.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import { parseConfig } from '../../schema/config.ts';
import { parseRunbook } from '../../schema/runbook.ts';
import { blobId } from '../blob-id.ts';
import { projectRoot } from '../root.ts';
import { note, Refused, refusedForFaults } from './answer.ts';
import { filesBelow } from './check-fault.ts';
import { CONFIG_FILE, readConfig, readText } from './files.ts';

/** What an investigation needs of a repository, read from a local checkout instead of GitHub. */
export interface Checkout {
  /** Null where the checkout has no config: its defaults are used, and no target is known. */
  readonly config: Config | null;
  readonly limits: Config['limits'];
  readonly match: TargetMatch;
  readonly runbooks: readonly RunbookFile[];
}

/** Reads config and runbooks below a folder. Without runbooks of its own, those that come with Sluice are used. */
export function readCheckout(folder: string, signal: Signal): Checkout {
  const { config, limits } = readRules(folder);
  return { config, limits, match: matchOf(config, signal), runbooks: readRunbookFiles(folder).runbooks };
}

/** The config below a folder, and the limits that hold there: without a config the defaults. */
export function readRules(folder: string): Pick<Checkout, 'config' | 'limits'> {
  if (!existsSync(folder))
    throw new Refused(2, 'file_missing', `there is no folder ${folder}`, { fix: 'Give --repo a checkout.' });
  const path = join(folder, CONFIG_FILE);
  const config = existsSync(path) ? readConfig(path) : null;
  return { config, limits: (config ?? defaults()).limits };
}

/** Which target of a config an alert means; without a config none. */
export function matchOf(config: Pick<Config, 'targets'> | null, signal: Signal): TargetMatch {
  return matchTarget(config?.targets ?? [], signal);
}

/** Without a target the alert's own job, where it names one, is looked at, so that there is a diagnosis; no file of it can be changed. */
export function targetForReading(labels: Signal['labels'], taskKey: string | null = null): Target {
  const { job_id: id = '', job_name: name = '' } = labels;
  const job = /^[1-9]\d{0,18}$/.test(id) ? ({ by: 'id', id } as const) : name !== '' ? ({ by: 'name', name } as const) : null;
  return {
    ...{
      name: job === null ? 'the alert' : 'the job of the alert',
      line: 0,
      match: [],
      files: [],
      kind: 'job-json',
      appliedBy: 'pipeline',
      workspace: null,
      job,
    },
    ...{ taskKey, clusterKey: null, rerun: 'never', streaming: false },
  };
}

/** The target's files; one that is not there is said aloud, and the plan says that it has nothing to edit. */
export function readTargetFiles(folder: string, target: Target): readonly { readonly path: string; readonly text: string }[] {
  return target.files.flatMap((path) => {
    if (existsSync(join(folder, path))) return [{ path, text: readText(join(folder, path)) }];
    note(`${CONFIG_FILE}:${target.line}: target ${target.name} names ${path}, which is not there`);
    return [];
  });
}

/** The runbooks below a folder, and the root that their paths start from: without any there, the ones that come with Sluice. */
export function readRunbookFiles(folder: string): { readonly root: string; readonly runbooks: readonly RunbookFile[] } {
  const own = readRunbooks(folder);
  if (own.length > 0) return { root: folder, runbooks: own };
  note(`${folder} has no runbooks/ that can be read; using the ones that come with Sluice`);
  return { root: projectRoot(), runbooks: readRunbooks(projectRoot()) };
}

function readRunbooks(folder: string): readonly RunbookFile[] {
  return filesBelow(folder, 'runbooks', /\.md$/).flatMap((file) => {
    const text = readText(join(folder, file));
    const parsed = parseRunbook(text, file);
    if (parsed.ok) return [{ runbook: parsed.value, blob: blobId(text) }];
    const [fault] = parsed.faults;
    note(
      `${file}:${fault?.line ?? 1}: ${fault?.message ?? 'is not readable'}; this runbook is left out (sluice check names every fault)`,
    );
    return [];
  });
}

/** The defaults that an empty config has. */
function defaults(): Config {
  const parsed = parseConfig('targets: []\n');
  if (!parsed.ok) throw refusedForFaults(parsed.faults, CONFIG_FILE);
  return parsed.value;
}
