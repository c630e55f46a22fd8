import type { Command } from 'commander';
import { explainChange } from '../../flow/explain.ts';
import { type Guarded, guardCommit, mayDeploy } from '../../flow/guard.ts';
import type { LivePorts } from '../../flow/live-facts.ts';
import type { GateFacts } from '../../model/gate.ts';
import type { Reason } from '../../model/reason.ts';
import type { Verdict } from '../../model/verdict.ts';
import { explanation } from '../../render/explanation.ts';
import { readingPorts } from '../reading.ts';
import { printJson, Refused } from './answer.ts';
import { configuredServers } from './servers.ts';

interface GateOptions {
  readonly repo?: string;
  readonly json?: true;
}

const SETTINGS = `
Reads GitHub with GITHUB_TOKEN (read on contents, pull requests, issues, actions, checks and commit statuses; members for team owners), at
GITHUB_API_URL. The job and its signals are read as SLUICE_WORKSPACE_<NAME>_HOST and _TOKEN and SLUICE_PROMETHEUS_<NAME>_URL say. SLUICE_BOT_ID
and SLUICE_APP_ID say which bot account and which App are Sluice's. Nothing is written anywhere.`;

export function gateCommand(program: Command): void {
  program
    .command('gate')
    .description('say whether the tree of a merged commit may be deployed: the guard step of a deployment pipeline')
    .requiredOption('--sha <commit>', 'the merge commit on the default branch, 40 hex digits')
    .option('--repo <owner/name>', 'the repository; GITHUB_REPOSITORY by default')
    .option('--json', 'print one JSON document: verdict, reasons and every fact')
    .addHelpText(
      'after',
      `${SETTINGS}\n\nExit 0: it may. Exit 1: it may not, or that cannot be told.\n\nExample:\n  sluice gate --sha "$GITHUB_SHA"`,
    )
    .action(async ({ sha, ...options }: GateOptions & { readonly sha: string }) => {
      if (!/^[0-9a-f]{40}$/i.test(sha))
        throw new Refused(2, 'usage', `--sha ${sha} is no full commit id`, { fix: 'Give all 40 hex digits.' });
      const repository = repositoryFrom(options.repo ?? process.env.GITHUB_REPOSITORY ?? '');
      const found = await guardCommit(sha.toLowerCase(), await portsOf(repository));
      if (options.json) printJson(guardDocument(found));
      else process.stdout.write(`${explanation(found.facts, found.verdict)}\n${guardWords(found)}`);
      if (!mayDeploy(found)) process.exitCode = 1;
    });
}

export function explainCommand(program: Command): void {
  program
    .command('explain')
    .description('say what the gate sees of a pull request, and why it answers as it does')
    .argument('<pull-request>', 'its address, such as https://github.com/acme/pipelines/pull/12')
    .option('--json', 'print one JSON document: verdict, reasons and every fact')
    .addHelpText('after', `${SETTINGS}\n\nExample:\n  sluice explain https://github.com/acme/pipelines/pull/12`)
    .action(async (address: string, options: GateOptions) => {
      const { repository, number } = pullFrom(address);
      const { facts, verdict } = await explainChange({ moment: 'open', pull: number }, await portsOf(repository));
      if (options.json) printJson(verdictDocument(facts, verdict));
      else process.stdout.write(`${explanation(facts, verdict)}\n`);
    });
}

function verdictDocument(facts: GateFacts, { verdict, applies, reasons, brokenGlass }: Verdict) {
  return { verdict: applies ? verdict : 'allow', applies, reasons, broken_glass: brokenGlass, facts };
}

/** The verdict is about the whole tree: what earlier merges left in it counts like what this commit brought. */
function guardDocument(found: Guarded) {
  const { verdict, reasons, ...own } = verdictDocument(found.facts, found.verdict);
  const held = [...found.stops, ...found.earlier.flatMap((one) => one.reasons)];
  const whole = mayDeploy(found) || held.length === 0 ? verdict : 'deny';
  return { verdict: whole, ...own, reasons: [...(own.applies ? reasons : []), ...held], earlier: found.earlier };
}

function guardWords({ earlier, stops }: Guarded): string {
  const said = ({ code, subject, expected, observed }: Reason) => `${code}: ${subject}: expected ${expected}, found ${observed}`;
  const lines = [
    ...stops.map((one) => `✗ ${said(one)}`),
    ...earlier.flatMap(({ merge, reasons }) => [
      `✗ ${merge}, an earlier merge, is still in this tree, and may not be deployed:`,
      ...reasons.map((one) => `    ${said(one)}`),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

async function portsOf(repository: { readonly owner: string; readonly repo: string }): Promise<LivePorts> {
  const token = process.env.GITHUB_TOKEN;
  if (!token)
    throw new Refused(2, 'setting_missing', 'GITHUB_TOKEN is not set', {
      fix: 'Set it to a token that may read the repository.',
    });
  const { SLUICE_BOT_ID: bot, SLUICE_APP_ID: app } = process.env;
  const ports = await readingPorts({
    apiUrl: process.env.GITHUB_API_URL ?? 'https://api.github.com',
    token,
    repository,
    ...configuredServers(process.env),
    ours: bot ? [Number(bot)] : [],
    appId: app ? Number(app) : null,
    twinClock: process.env.SLUICE_TWIN_CLOCK,
  });
  if (!ports)
    throw new Refused(3, 'unreachable', `there is no ${repository.owner}/${repository.repo} that this token may read`, {
      fix: 'Check --repo and the token’s access.',
    });
  return ports;
}

function repositoryFrom(name: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(name) ?? [];
  if (owner === undefined || repo === undefined)
    throw new Refused(2, 'usage', 'which repository is not said', { fix: 'Give --repo owner/name, or set GITHUB_REPOSITORY.' });
  return { owner, repo };
}

/** Owner, name and number are taken from the address; the host that is asked is always the configured one. */
function pullFrom(address: string) {
  const [, host, name, number] = /^(https?:\/\/[^/]+)\/([\w.-]+\/[\w.-]+)\/pull\/([1-9]\d*)\/?$/.exec(address) ?? [];
  const server = process.env.GITHUB_SERVER_URL ?? 'https://github.com';
  if (name === undefined || host !== server)
    throw new Refused(2, 'usage', `${address} is no pull request of ${server}`, {
      fix: `Write ${server}/owner/name/pull/12; GITHUB_SERVER_URL and GITHUB_API_URL name another server.`,
    });
  return { repository: repositoryFrom(name), number: Number(number) };
}
