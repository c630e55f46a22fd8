import type { Command } from 'commander';
import { clockOf } from '../../adapters/clock/clock.ts';
import { runbookReason, tieReason } from '../../core/obstacle.ts';
import { answersByAdvice } from '../../core/plan.ts';
import { starterConfig } from '../../core/suggestion.ts';
import { type InvestigateInput, investigate } from '../../flow/investigate.ts';
import type { Investigation } from '../../model/plan.ts';
import type { Reason } from '../../model/reason.ts';
import type { Signal } from '../../model/signal.ts';
import type { Target } from '../../model/target.ts';
import { readAlert } from './alert-file.ts';
import { note, printJson } from './answer.ts';
import { type Checkout, readCheckout, readTargetFiles, targetForReading } from './checkout.ts';
import { CONFIG_FILE } from './files.ts';
import { investigationDocument } from './plan-document.ts';
import { investigationWords } from './plan-words.ts';
import { listenTo } from './reach.ts';
import { unresolvedReason } from './resolve.ts';
import { type SourceOptions, sourcesOf } from './sources.ts';

interface Options extends SourceOptions {
  readonly alert: string;
  readonly repo: string;
  readonly json?: true;
}

export function investigateCommand(program: Command): void {
  program
    .command('investigate')
    .description('find out what is wrong and print the plan; only reads, and writes nothing')
    .requiredOption('--alert <file>', 'an Alertmanager or Grafana webhook body as JSON')
    .option('--repo <dir>', 'a local checkout with .github/sluice.yml, runbooks/ and the job files', '.')
    .option(
      '--prometheus <url|name>',
      'where to ask PromQL; access from SLUICE_PROMETHEUS_… (docs/setup.md), or a configured server’s name',
    )
    .option('--databricks <url>', 'the workspace; its token from DATABRICKS_TOKEN')
    .option('--spark <url|dir>', 'a Spark UI or History Server, or a folder of event logs; else the cluster’s log destination')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Example:
  DATABRICKS_TOKEN=… sluice investigate --alert alert.json --prometheus http://prometheus:9090 \\
    --databricks https://dbc-1.cloud.databricks.com`,
    )
    .action(async (options: Options) => {
      const signal = readAlert(options.alert);
      const checkout = readCheckout(options.repo, signal);
      const { reads, confirm } = listenTo(sourcesOf(options, process.env));
      if (!reads.metrics && !reads.workspace && !reads.stages)
        note('none of --prometheus, --databricks and --spark is given: there is nothing to read');
      const target = checkout.match.kind === 'target' ? checkout.match.target : null;
      const found = await investigate(
        inputOf(options.repo, checkout, signal, target),
        reads,
        clockOf(process.env.SLUICE_TWIN_CLOCK),
      );
      confirm();
      const told = inOptions(completed(found, checkout, target, signal.alertname));
      if (target === null) note(howToAdd(checkout, signal));
      if (options.json) printJson(investigationDocument(told));
      else process.stdout.write(investigationWords(told, signal, target));
    });
}

function inputOf(folder: string, checkout: Checkout, signal: Signal, target: Target | null): InvestigateInput {
  const { runbooks, limits } = checkout;
  const common = { signal, runbooks, config: { limits } };
  if (target) return { ...common, target, files: readTargetFiles(folder, target) };
  return { ...common, target: targetForReading(signal.labels), files: [] };
}

/** Says in the document, too, why there is no plan: no runbook, or no target that could be changed. */
function completed(found: Investigation, { match, runbooks }: Checkout, target: Target | null, alertname: string): Investigation {
  if (found.match.found !== 'one')
    return { ...found, rejected: [{ remedy: 'all', why: inOneLine(runbookReason(found.match, alertname)) }] };
  if (target !== null) return found;
  if (found.diagnosis.outcome === 'healthy' || found.diagnosis.outcome === 'inconclusive')
    return { ...found, plan: null, rejected: [] };
  // Advice may only be what is left when no step finds a file to edit: then it is no answer to the diagnosis.
  const runbook = runbooks.find((file) => file.runbook.id === found.diagnosis.runbook)?.runbook;
  if (runbook && found.plan && answersByAdvice(found.plan, runbook)) return found;
  const why =
    match.kind === 'ambiguous' ? inOneLine(tieReason(match)) : `target_unknown: no target of ${CONFIG_FILE} matches this alert`;
  return { ...found, plan: null, rejected: [{ remedy: 'all', why }] };
}

/** What was not read because of how the command was called, in the words of its options. */
const OPTIONS: readonly (readonly [said: string, option: string])[] = [
  ['no workspace is configured', '--databricks was not given'],
  ['no Prometheus is configured', '--prometheus was not given'],
  ['the target names no job', 'no target matches, and the alert has no label job_id or job_name'],
];

function inOptions(found: Investigation): Investigation {
  const reworded = (why: string) => OPTIONS.reduce((text, [said, option]) => text.replaceAll(said, option), why);
  const blocked = found.blocked.map(({ rule, unknown }) => ({
    rule,
    unknown: unknown.map(({ name, why }) => ({ name, why: reworded(why) })),
  }));
  return { ...found, blocked, rejected: found.rejected.map(({ remedy, why }) => ({ remedy, why: reworded(why) })) };
}

function inOneLine({ code, expected, observed }: Reason): string {
  return `${code}: expected ${expected}; ${observed}`;
}

function howToAdd({ config, match }: Checkout, signal: Signal): string {
  if (match.kind === 'target') return '';
  const { message, at } = unresolvedReason(match, CONFIG_FILE);
  if (config !== null || match.kind === 'ambiguous') return `${message}, so no file can be changed. ${at.fix}`;
  return `there is no ${CONFIG_FILE}, so no file can be changed. To get changes as plans, write it like this:\n\n${starterConfig(signal)}`;
}
