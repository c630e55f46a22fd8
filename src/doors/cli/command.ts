import type { Command } from 'commander';
import { parseCommand } from '../../core/command.ts';
import type { Command as CommentCommand, ParsedCommand } from '../../model/command.ts';
import { fail, note, printJson, Refused } from './answer.ts';

/** A comment on GitHub has at most 65,536 characters of up to four bytes. */
const LARGEST_BODY = 4 * 65_536;

export function commandCommand(program: Command): void {
  program
    .command('command')
    .description('read a comment’s body from standard input and say which command it is')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  echo "/approve 0123456789abcdef" | sluice command --json')
    .action(async (options: { json?: true }) => {
      if (process.stdin.isTTY) note('type the comment, then Ctrl-D');
      const parsed = parseCommand(await readInput());
      if (parsed.kind === 'refused') refuse(parsed, options.json ?? false);
      else if (options.json) printJson({ command: parsed.kind === 'command' ? fieldsOf(parsed.command) : null });
      else process.stdout.write(`${parsed.kind === 'command' ? inWords(parsed.command) : 'no command'}\n`);
    });
}

/** The command with the field names of every other document of ours. */
function fieldsOf(command: CommentCommand): Readonly<Record<string, string | number | null>> {
  if (command.name !== 'approve') return command;
  return { name: command.name, sha: command.sha, break_glass: command.breakGlass };
}

function refuse(parsed: Extract<ParsedCommand, { kind: 'refused' }>, json: boolean): void {
  const what = parsed.code === 'command_unknown' ? 'there is no command' : 'these are no arguments of';
  fail(new Refused(1, parsed.code, `${what} ${parsed.word}`, { fix: parsed.help }), json, { command: null });
}

function inWords(command: CommentCommand): string {
  const { name, ...fields } = fieldsOf(command);
  return [`/${name}`, ...Object.entries(fields).map(([field, value]) => `  ${field}: ${JSON.stringify(value)}`)].join('\n');
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY)
      throw new Refused(2, 'usage', `a comment has at most ${LARGEST_BODY} bytes`, { fix: 'Give the body of one comment.' });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
