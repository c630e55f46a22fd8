import type { Command } from 'commander';
import { clockOf } from '../../adapters/clock/clock.ts';
import { type WindowState, windowAt } from '../../core/window.ts';
import { colours } from '../colours.ts';
import { printJson, Refused } from './answer.ts';
import { CONFIG_FILE, readConfig } from './files.ts';

export function windowCommand(program: Command): void {
  program
    .command('window')
    .description('say whether changes may pass now, or at an instant, and why not')
    .option('--config <file>', 'the config to read', CONFIG_FILE)
    .option('--at <instant>', 'an instant with its offset, such as 2026-11-27T09:00:00Z; now by default')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  sluice window --at 2026-12-24T18:00:00+01:00')
    .action(async (options: { config: string; at?: string; json?: true }) => {
      const { windows, freezes } = readConfig(options.config);
      const at = options.at ?? (await clockOf(process.env.SLUICE_TWIN_CLOCK).now()).toISOString();
      const state = windowAt(windows, freezes, at);
      if (isNoInstant(state))
        throw new Refused(2, 'usage', `--at ${at} is no instant`, { fix: 'Write it with its offset: 2026-11-27T09:00:00Z.' });
      if (options.json) printJson({ open: state.open, reasons: state.reasons, opens_at: state.opensAt });
      else process.stdout.write(inWords(state, at));
    });
}

/** Windows and freezes of a config that was read without faults can be read here too: what is unreadable then is the instant. */
function isNoInstant({ reasons }: WindowState): boolean {
  return reasons.some((reason) => reason.code === 'window_unreadable' && reason.subject === 'now');
}

function inWords({ open, reasons, opensAt }: WindowState, at: string): string {
  const lines = [
    `${open ? colours.green('open') : colours.red('closed')} at ${at}`,
    ...reasons.map((one) => `  ${one.code} ${one.subject}: expected ${one.expected}, found ${one.observed}`),
    ...(open ? [] : [opensAt ? `  opens at ${opensAt}` : '  no opening is known']),
  ];
  return `${lines.join('\n')}\n`;
}
