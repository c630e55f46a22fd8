import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { fail } from './cli/answer.ts';
import { EXIT_CODES, misuse } from './cli/usage.ts';
import { projectRoot } from './root.ts';

type Add = (program: Command) => void;

/** Each command with what it needs; only the one that is asked for is loaded, so that small ones start fast. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  demo: async () => (await import('./cli/demo.ts')).demoCommand,
  serve: async () => (await import('./cli/serve.ts')).serveCommand,
  investigate: async () => (await import('./cli/investigate.ts')).investigateCommand,
  resolve: async () => (await import('./cli/resolve.ts')).resolveCommand,
  check: async () => (await import('./cli/check.ts')).checkCommand,
  owners: async () => (await import('./cli/owners.ts')).ownersCommand,
  window: async () => (await import('./cli/window.ts')).windowCommand,
  command: async () => (await import('./cli/command.ts')).commandCommand,
  edit: async () => (await import('./cli/edit.ts')).editCommand,
  gate: async () => (await import('./cli/gate.ts')).gateCommand,
  explain: async () => (await import('./cli/gate.ts')).explainCommand,
  mcp: async () => (await import('./cli/mcp.ts')).mcpCommand,
  twin: async () => (await import('./cli/twin.ts')).twinCommand,
  eval: async () => (await import('./cli/eval.ts')).evalCommand,
};

/** The command line. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage or a missing setting, 3 out of reach. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('sluice')
    .description('Turns an alert about a data pipeline into a reviewed, approved, applied and verified change.')
    .version(versionOf(), '-V, --version', 'print the version')
    // A command within a command has options of its own, also of the same name.
    .enablePositionalOptions()
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  const asked = Object.entries(COMMANDS).filter(([name]) => name === argv[2]);
  const wanted = asked.length > 0 || argv[2] === '--version' || argv[2] === '-V' ? asked : Object.entries(COMMANDS);
  for (const [, load] of wanted) (await load())(program);
  for (const command of program.commands) command.addHelpText('after', EXIT_CODES);
  const json = argv.includes('--json');
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) fail(error, json);
    else if (error.exitCode === 0) process.exitCode = 0;
    else fail(misuse(error, argv[2] ?? '', program), json);
  }
}

function versionOf(): string {
  return /"version": "([^"]+)"/.exec(readFileSync(join(projectRoot(), 'package.json'), 'utf8'))?.[1] ?? 'unknown';
}
