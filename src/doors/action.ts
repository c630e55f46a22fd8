import * as core from '@actions/core';
import { applyUnfinished } from '../flow/apply.ts';
import type { ApplyReport } from '../flow/apply-report.ts';
import { applySummary } from '../render/apply.ts';
import { type ActionInputs, readInputs } from './action-inputs.ts';
import { actionPorts } from './action-wiring.ts';

/**
 * The Action. A push, a wake-up and the schedule all mean "take every unfinished change at HEAD as far as it goes now"; the arguments
 * of a wake-up are not read. It alone can construct a client that writes to Databricks, and in a dry run it does not.
 */
async function run(): Promise<void> {
  const inputs = readInputs(process.env, core.getInput);
  for (const secret of [inputs.databricksToken, inputs.applyAppKey, inputs.githubToken]) if (secret) core.setSecret(secret);
  const ports = await actionPorts(inputs);
  const reports = await applyUnfinished({ workspace: inputs.workspace, run: inputs.run, environment: inputs.environment }, ports);
  await core.summary.addRaw(applySummary(reports, inputs.dryRun)).write();
  setOutputs(reports, inputs);
  for (const report of reports) announce(report);
}

function setOutputs(reports: readonly ApplyReport[], inputs: ActionInputs): void {
  core.setOutput('decision', reports.map((report) => report.decision).join(',') || 'nothing');
  core.setOutput(
    'reason-codes',
    [...new Set(reports.flatMap((report) => report.reasons.map((reason) => reason.code)))].join(','),
  );
  core.setOutput('change-id', reports.map((report) => report.change.path).join(','));
  core.setOutput('deployment-id', reports.flatMap((report) => report.deployment ?? []).join(','));
  core.setOutput('writes', String(reports.reduce((sum, report) => sum + report.writes, 0)));
  core.setOutput('verification', reports.map((report) => report.verification?.verdict ?? 'none').join(','));
  core.setOutput('run-url', inputs.runUrl);
}

/** A refusal fails the job, so that somebody looks; waiting for a run or a window does not. */
function announce({ change, decision, reasons }: ApplyReport): void {
  // A line of outside text that began with two colons would be a command to the runner.
  const line = (text: string) => `- ${text.replace(/\s+/g, ' ')}`;
  const said = reasons.map((one) => line(`${one.code} ${one.subject}: expected ${one.expected}, found ${one.observed}`));
  const text = [`${change.path}: ${decision}`, ...said].join('\n');
  if (decision === 'refused') core.setFailed(text);
  else core.info(text);
}

try {
  await run();
} catch (error) {
  core.setFailed(error instanceof Error ? error.message : String(error));
}
