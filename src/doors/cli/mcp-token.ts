import type { Command } from 'commander';
import type { McpToken } from '../../schema/mcp-tokens.ts';
import { hashOf, nameOf, newToken, readTokens, writeTokens } from '../mcp/tokens.ts';
import { quietOctokit } from '../quiet-octokit.ts';
import { note, printJson, Refused } from './answer.ts';
import { columns } from './columns.ts';

interface FileOptions {
  readonly file?: string;
  readonly json?: true;
}

interface AddOptions extends FileOptions {
  readonly repo: readonly string[];
  readonly scope: string;
  readonly user?: string;
}

const FILE = ['--file <path>', 'the file of token hashes; SLUICE_MCP_TOKENS by default'] as const;
const JSON_OPTION = ['--json', 'print one JSON document'] as const;

/** `sluice mcp token add | list | remove`: who may use `/mcp` of `sluice serve`. The file holds hashes only. */
export function mcpTokenCommand(mcp: Command): void {
  const token = mcp.command('token').description('tokens of the door /mcp of sluice serve: add, list, remove');
  token
    .command('add')
    .description('make a token, print it once, and keep its hash')
    .requiredOption('--repo <owner/name...>', 'the repositories it is for')
    .option('--scope <scope>', 'read, or propose: also open pull requests', 'read')
    .option('--user <login>', 'whose token it is; they can approve nothing that is proposed with it')
    .option(...FILE)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  sluice mcp token add --repo acme/pipelines --scope propose --user octocat --file tokens.json',
    )
    .action(add);
  token
    .command('list')
    .description('the tokens, by the beginnings of their hashes')
    .option(...FILE)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  sluice mcp token list --file tokens.json')
    .action(list);
  token
    .command('remove')
    .description('take a token away: the next request with it is refused')
    .argument('<name>', 'the beginning of its hash, as list shows it')
    .option(...FILE)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  sluice mcp token remove 3f1c0a9b2d4e --file tokens.json')
    .action(remove);
}

async function add(options: AddOptions): Promise<void> {
  const { repo: repositories, scope, user } = options;
  if (scope !== 'read' && scope !== 'propose')
    throw new Refused(2, 'usage', `--scope ${scope} is neither read nor propose`, { fix: 'Use one of the two.' });
  const wrong = repositories.find((name) => !/^[\w.-]+\/[\w.-]+$/.test(name));
  if (wrong !== undefined)
    throw new Refused(2, 'usage', `--repo ${wrong} is no repository`, { fix: 'Write owner/name, such as acme/pipelines.' });
  if (scope === 'propose' && user === undefined)
    throw new Refused(2, 'usage', 'a token that may propose belongs to one person', {
      fix: 'Say whose it is with --user; they can approve nothing that is proposed with it.',
    });
  const file = fileFrom(options);
  const tokens = tokensOf(file);
  const person = user === undefined ? null : await accountOf(user);
  const token = newToken();
  const kept: McpToken = { sha256: hashOf(token), scope, repositories, user: person, added: new Date().toISOString() };
  writeTokens(file, [...tokens, kept]);
  if (options.json) printJson({ token, name: nameOf(kept), scope, repositories, user: person });
  else process.stdout.write(`${token}\n`);
  note(`this token is shown once; ${file} keeps its hash as ${nameOf(kept)}`);
}

function list(options: FileOptions): void {
  const tokens = tokensOf(fileFrom(options));
  const rows = tokens.map((token) => {
    const { scope, repositories, user, added } = token;
    return { name: nameOf(token), scope, repositories, user, added };
  });
  const lines = rows.map((row) => [row.name, row.scope, row.user?.login ?? '-', row.repositories.join(', '), row.added]);
  if (options.json) printJson({ tokens: rows });
  else process.stdout.write(lines.length > 0 ? `${columns(lines)}\n` : 'no tokens\n');
}

function remove(name: string, options: FileOptions): void {
  const file = fileFrom(options);
  const tokens = tokensOf(file);
  const meant = tokens.filter(({ sha256 }) => name.length >= 6 && sha256.startsWith(name.toLowerCase()));
  if (meant.length !== 1)
    throw new Refused(1, 'not_permitted', `${meant.length === 0 ? 'no token' : 'more than one token'} begins with ${name}`, {
      file,
      fix: 'Give six digits or more of one that sluice mcp token list shows.',
    });
  writeTokens(
    file,
    tokens.filter((token) => !meant.includes(token)),
  );
  if (options.json) printJson({ removed: meant.map(nameOf) });
  else process.stdout.write(`removed ${meant.map(nameOf).join('')}\n`);
}

function fileFrom({ file = process.env.SLUICE_MCP_TOKENS }: FileOptions): string {
  if (file) return file;
  throw new Refused(2, 'setting_missing', 'which file keeps the tokens is not said', {
    fix: 'Give --file, or set SLUICE_MCP_TOKENS to the path that sluice serve reads.',
  });
}

function tokensOf(file: string): readonly McpToken[] {
  try {
    return readTokens(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'cannot be read';
    throw new Refused(1, 'parse_failed', `is no list of tokens: ${why}`, { file, fix: 'Mend it, or give another --file.' });
  }
}

/** A login can be renamed and taken by somebody else: the account's id is what is kept and asked for. */
async function accountOf(login: string): Promise<NonNullable<McpToken['user']>> {
  const { GITHUB_TOKEN: auth, GITHUB_API_URL: baseUrl = 'https://api.github.com' } = process.env;
  const found = await quietOctokit(baseUrl, auth)
    .request('GET /users/{username}', { username: login })
    .catch((error: unknown) => {
      throw new Refused(
        3,
        'unreachable',
        `GitHub does not tell who ${login} is: ${error instanceof Error ? error.message : ''}`,
        {
          fix: 'Check the login, GITHUB_API_URL and, where it needs one, GITHUB_TOKEN.',
        },
      );
    });
  if (found.data.type !== 'User')
    throw new Refused(1, 'not_permitted', `${login} is no person but ${found.data.type}`, { fix: 'Name a person.' });
  return { id: Number(found.data.id), login: found.data.login };
}
