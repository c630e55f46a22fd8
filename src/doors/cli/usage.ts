import type { Command, CommanderError } from 'commander';
import { nearest } from '../../core/nearest.ts';
import { Refused } from './answer.ts';

/** What every command's help ends with. */
export const EXIT_CODES = `
Exit codes: 0 done, 1 refused with a reason, 2 wrong usage or a missing setting or file, 3 a system or a program could not be reached.`;

/** Commander's finding about how a command was called, as one sentence of ours and what to do. `asked` is the command's name, if any. */
export function misuse({ code, message }: CommanderError, asked: string, program: Command): Refused {
  const names = program.commands.map((command) => command.name());
  const command = names.includes(asked) ? `sluice ${asked}` : 'sluice';
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  const help = `${command} --help shows its options and an example.`;
  const refused = (sentence: string, fix = help) => new Refused(2, 'usage', sentence, { fix });
  switch (code) {
    case 'commander.unknownCommand': {
      const near = nearest(quoted, names);
      return refused(
        `there is no command ${quoted}`,
        near ? `Did you mean sluice ${near}?` : 'sluice --help lists the commands.',
      );
    }
    case 'commander.unknownOption': {
      const [, near] = /\(Did you mean (?:one of )?([^?]+)\?\)/.exec(message) ?? [];
      return refused(`${command} has no option ${quoted}`, near ? `Did you mean ${near}?` : help);
    }
    case 'commander.missingArgument':
      return refused(`${command} needs an argument: <${quoted}>`);
    case 'commander.missingMandatoryOptionValue':
      return refused(`${command} needs ${quoted}`);
    case 'commander.optionMissingArgument':
      return refused(`${quoted} has no value`);
    case 'commander.excessArguments': {
      const [, most = '0', given = 'more'] = /Expected (\d+) arguments? but got (\d+)/.exec(message) ?? [];
      return refused(`${command} takes ${most === '0' ? 'no argument' : `${most} argument(s)`}, and got ${given}`);
    }
    case 'commander.help':
      return refused('no command is given', 'sluice --help lists the commands.');
    default:
      return refused(message.replace(/^error: /, ''));
  }
}
