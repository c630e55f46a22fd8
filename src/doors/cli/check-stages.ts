import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type JobFacts, jobFacts } from '../../core/job-facts.ts';
import { needsStages } from '../../core/runbook.ts';
import type { Runbook } from '../../model/runbook.ts';
import type { Target } from '../../model/target.ts';
import type { CheckFault } from './check-fault.ts';
import { CONFIG_FILE, readText } from './files.ts';

/**
 * Targets whose stages nobody will be able to read, while a runbook asks for them: it still diagnoses by what else there is, so this is
 * no fault. Streams are left out (no run of theirs finishes), and bundles, whose settings are not whole before they are deployed.
 */
export function stageWarnings(folder: string, targets: readonly Target[], runbooks: readonly Runbook[]): readonly CheckFault[] {
  const asking = runbooks.filter(needsStages).map(({ id }) => id);
  if (asking.length === 0) return [];
  return targets.flatMap((target) => {
    const [file] = target.files;
    if (target.kind !== 'job-json' || file === undefined || !existsSync(join(folder, file))) return [];
    const facts = jobFacts(readText(join(folder, file)), target, []);
    // What cannot be read as a job is a fault of its own.
    const why = facts.ok ? withoutStages(facts.value) : null;
    if (why === null) return [];
    const message = `target ${target.name}: ${why}, so skew and spill stay unknown to ${asking.join(', ')}`;
    const fix = `Add cluster_log_conf with a destination on dbfs:/ or /Volumes to the cluster in ${file}.`;
    return [{ code: 'setting_missing', file: CONFIG_FILE, line: target.line, message, fix }];
  });
}

function withoutStages({ streaming, cluster }: JobFacts): string | null {
  if (streaming || cluster.logDestination !== null) return null;
  if (cluster.serverless) return 'it runs on serverless compute, which keeps no event log';
  if (cluster.existing) return 'it runs on an existing cluster, whose log destination is not in its file';
  return 'its cluster has no log destination that the workspace’s token can read';
}
