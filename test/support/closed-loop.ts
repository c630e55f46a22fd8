import { expect } from 'vitest';
import { createWorkspaceWriter } from '../../src/adapters/databricks/writer.ts';
import { applyChange } from '../../src/core/edit/edit.ts';
import { latestFinished } from '../../src/core/run-facts.ts';
import { compareChecks, verdictOf } from '../../src/core/verification.ts';
import { readCheck } from '../../src/flow/verify.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { InvestigationReads } from '../../src/ports.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { connectionOf } from './rehearsal.ts';

export function changeOf(plan: Plan | null) {
  if (plan?.kind !== 'change') throw new Error(`no change: ${JSON.stringify(plan)}`);
  const [change] = plan.changes;
  if (change === undefined) throw new Error('a change plan without a change');
  return { plan, change };
}

/** Applies a plan as the Action would: the lexical patch of the live settings, written by the writing client. */
export async function apply(plant: Plant, jobId: string, plan: Plan | null): Promise<void> {
  const patched = applyChange('json', plant.databricks.settingsText(jobId) ?? '', changeOf(plan).change);
  if (!patched.ok) throw new Error(JSON.stringify(patched.reason));
  await write(plant, jobId, patched.value.text);
}

export async function write(plant: Plant, jobId: string, settings: string): Promise<void> {
  expect(await writerOf(plant).reset(jobId, settings)).toEqual({ done: true, id: null });
}

/** Lets the job run under its new settings: the failed run is repaired, a good one repeated, a stream cancelled so that it starts anew. */
export async function runAgain(plant: Plant, jobId: string, reads: InvestigationReads): Promise<void> {
  const writer = writerOf(plant);
  const runs = await reads.workspace?.runs(jobId, 5);
  if (runs?.known !== true) throw new Error('no runs');
  const active = runs.value.find((run) => run.outcome === 'active');
  const latest = latestFinished(runs.value);
  if (active !== undefined) await writer.cancel(active.id);
  else if (latest?.outcome === 'failed') await writer.repair(latest.id, null);
  else await writer.runNow(jobId, 'a-change', {});
  plant.clock.advance(90 * 60_000);
}

/** What the plan's own verification says now. */
export async function verdictNow(plan: Plan | null, plant: Plant, jobId: string, reads: InvestigationReads) {
  const { verification, baseline } = changeOf(plan).plan;
  const runs = await reads.workspace?.runs(jobId, 5);
  const run = runs?.known === true ? latestFinished(runs.value) : null;
  const at = plant.clock.now().toISOString();
  const values = verification.checks.map(async (check) => [check.name, await readCheck(check, run, reads, at)] as const);
  return verdictOf(compareChecks({ baseline }, verification, Object.fromEntries(await Promise.all(values))));
}

function writerOf(plant: Plant) {
  return createWorkspaceWriter({ ...connectionOf(plant), token: plant.tokens.write });
}
