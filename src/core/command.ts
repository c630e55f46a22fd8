import type { Command, CommandName, ParsedCommand } from '../model/command.ts';
import { ownLines } from './comment-line.ts';

/** How each command is written and what it does: data for help texts, docs and refusals. */
export const COMMAND_HELP: Readonly<Record<CommandName, { readonly usage: string; readonly does: string }>> = {
  investigate: { usage: '/investigate [hint]', does: 'reads the evidence again and posts a plan' },
  approve: {
    usage: '/approve [<12 to 40 hex of the head SHA> [--break-glass <reason>]]',
    does: 'approves exactly the content of that head; with --break-glass, two people whom the policy names stand in for owners and time',
  },
  unapprove: { usage: '/unapprove', does: 'takes your approval back' },
  revise: { usage: '/revise <text>', does: 'asks for another plan; whoever asks cannot approve it' },
  hold: { usage: '/hold', does: 'stops merge and apply until /retry' },
  retry: { usage: '/retry', does: 'lifts your hold, or tries again what stopped in doubt' },
  rollback: { usage: '/rollback', does: 'proposes the inverse of the applied change' },
  dismiss: { usage: '/dismiss <reason>', does: 'closes the incident and its open proposals without a change' },
  snooze: { usage: '/snooze <duration such as 30m, 4h or 2d, at most 30d>', does: 'keeps quiet about this alert for that long' },
  status: { usage: '/status', does: 'says where the change stands' },
  help: { usage: '/help', does: 'lists the commands' },
};

type Arguments = (text: string) => Command | null;

const ARGUMENTS: Readonly<Record<CommandName, Arguments>> = {
  investigate: (text) => ({ name: 'investigate', hint: text === '' ? null : text }),
  approve: readApprove,
  unapprove: none({ name: 'unapprove' }),
  revise: (text) => (text === '' ? null : { name: 'revise', text }),
  hold: none({ name: 'hold' }),
  retry: none({ name: 'retry' }),
  rollback: none({ name: 'rollback' }),
  dismiss: (text) => (text === '' ? null : { name: 'dismiss', reason: text }),
  snooze: readSnooze,
  status: none({ name: 'status' }),
  help: none({ name: 'help' }),
};

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };
const LONGEST_SNOOZE = 30 * 1440;

/**
 * Reads the command of a comment: it stands at the very start of the first line of the author's own words. What only looks like a command,
 * has arguments that it does not take, or comes with a second command is refused with help; any other text is no command.
 */
export function parseCommand(body: string): ParsedCommand {
  const [first, ...others] = ownLines(body);
  if (first === undefined) return { kind: 'none' };
  // Markdown shows up to three spaces before a line as none; more of them make it code, which is not among these lines.
  const line = first.replace(/^ {1,3}/, '').replace(/[ \t]+$/, '');
  const [, word = '', text = ''] = /^\/([a-z]+)(?:[ \t]+(\S.*))?$/.exec(line) ?? [];
  if (!isCommandName(word)) return looksLikeCommand(line) ? refused('command_unknown', line, allHelp()) : { kind: 'none' };
  const { usage, does } = COMMAND_HELP[word];
  // Two commands contradict each other as easily as not: obeying only the first could ignore a /hold.
  if (others.some(beginsAsCommand)) {
    return refused('command_arguments', line, `One command a comment. ${usage}: ${does}.`);
  }
  const command = ARGUMENTS[word](text);
  return command === null ? refused('command_arguments', line, `${usage}: ${does}.`) : { kind: 'command', command };
}

function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(COMMAND_HELP, word);
}

/** A slash and one word, in whatever script, case or disguise; a path such as /usr/bin is not meant for us. */
function looksLikeCommand(line: string): boolean {
  const word = /^\/([^\s/]+)(?=\s|$)/.exec(undisguised(line))?.[1] ?? '';
  return /^[\p{L}\p{N}_-]+$/u.test(word) || NAMES.some((name) => word.startsWith(name));
}

/** A later line that somebody may have meant as a command: it begins with one's word, in whatever case or disguise, whatever stands behind it. */
function beginsAsCommand(line: string): boolean {
  const word = /^ {0,3}\/([\p{L}\p{N}]+)/u.exec(undisguised(line))?.[1] ?? '';
  return NAMES.includes(word);
}

const NAMES = Object.keys(COMMAND_HELP);

/** In small letters, without what has no width, and with a plain slash. */
function undisguised(line: string): string {
  return line
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .replace(/^( {0,3})[\u2044\u2215\u29f8\u27cb\\]/, '$1/')
    .toLowerCase();
}

function readApprove(text: string): Command | null {
  if (text === '') return { name: 'approve', sha: null, breakGlass: null };
  const [, sha, reason] = /^([0-9a-fA-F]{12,40})(?:[ \t]+--break-glass[ \t]+(\S.*))?$/.exec(text) ?? [];
  return sha === undefined ? null : { name: 'approve', sha: sha.toLowerCase(), breakGlass: reason ?? null };
}

function readSnooze(text: string): Command | null {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const minutes = Number(count) * (MINUTES[unit] ?? Number.NaN);
  return minutes <= LONGEST_SNOOZE ? { name: 'snooze', minutes } : null;
}

function none(command: Command): Arguments {
  return (text) => (text === '' ? command : null);
}

function allHelp(): string {
  return Object.values(COMMAND_HELP)
    .map(({ usage, does }) => `${usage}: ${does}.`)
    .join('\n');
}

/** The word is outside text: shortened here, made harmless where it is shown. */
function refused(code: 'command_unknown' | 'command_arguments', line: string, help: string): ParsedCommand {
  return { kind: 'refused', code, word: line.replace(/\s.*/s, '').slice(0, 40), help };
}
