import type { Command } from 'commander';
import { matchTarget, type TargetMatch } from '../../core/target.ts';
import { colours } from '../colours.ts';
import { readAlert } from './alert-file.ts';
import { fail, printJson, Refused } from './answer.ts';
import { CONFIG_FILE, readConfig } from './files.ts';

export function resolveCommand(program: Command): void {
  program
    .command('resolve')
    .description('say which target an alert means, and by which line of the config')
    .requiredOption('--alert <file>', 'an Alertmanager or Grafana webhook body as JSON')
    .option('--config <file>', 'the config to read', CONFIG_FILE)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  sluice resolve --alert alert.json')
    .action((options: { alert: string; config: string; json?: true }) => {
      const signal = readAlert(options.alert);
      const match = matchTarget(readConfig(options.config).targets, signal);
      if (match.kind !== 'target') {
        const { candidates } = match;
        return fail(unresolvedReason(match, options.config), options.json ?? false, { target: null, rule: null, candidates });
      }
      const { target, candidates } = match;
      if (options.json) printJson({ target: target.name, rule: { line: target.line }, candidates });
      else
        process.stdout.write(
          `${colours.bold(target.name)}  ${colours.dim(`(${options.config}:${target.line})`)}${others(candidates)}\n`,
        );
    });
}

function others([, ...less]: readonly string[]): string {
  return less.length > 0 ? `\n  also matched, less specific: ${less.join(', ')}` : '';
}

/** Why an alert has no target, and what to add to the config. */
export function unresolvedReason(match: Exclude<TargetMatch, { kind: 'target' }>, file: string): Refused {
  if (match.kind === 'ambiguous')
    return new Refused(1, 'target_ambiguous', `these targets match equally well: ${namedWithLines(match)}`, {
      file,
      line: match.tied[0]?.line ?? null,
      fix: 'Write one more label of this alert under match of the target that is meant.',
    });
  const fix = `Add to targets, with your own words for each REPLACE-WITH-…:\n${match.suggestion}`;
  return new Refused(1, 'target_unknown', 'no target matches the labels of this alert', { file, fix });
}

function namedWithLines({ tied }: Extract<TargetMatch, { kind: 'ambiguous' }>): string {
  return tied.map(({ name, line }) => `${name} (line ${line})`).join(', ');
}
