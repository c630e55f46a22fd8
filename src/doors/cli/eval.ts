import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { SuiteCase } from '../../model/suite.ts';
import { playCase } from '../eval/play.ts';
import { type Report, type Row, reachesTarget, reportOf, reportTable, rowOf } from '../eval/report.ts';
import { readSuite } from '../eval/suite.ts';
import { projectRoot } from '../root.ts';
import { note, printJson, Refused } from './answer.ts';
import { readRunbookFiles } from './checkout.ts';

interface Options {
  readonly suite?: string;
  readonly runbooks?: string;
  readonly type?: string;
  readonly case?: string;
  readonly repeat: string;
  readonly json?: true;
}

const SUITE_FOLDER = 'test/scenarios/diagnosis';

export function evalCommand(program: Command): void {
  program
    .command('eval')
    .description('play the diagnosis suite and score the answers; reads recorded worlds on loopback, and nothing else')
    .option('--suite <dir>', 'a folder of cases; the ones that come with Sluice by default')
    .option('--runbooks <dir>', 'a checkout whose runbooks/ are asked; the ones that come with Sluice by default')
    .option('--type <type>', 'only cases of this incident type')
    .option('--case <text>', 'only cases whose name has this text in it')
    .option('--repeat <times>', 'how often each case is played', '1')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  sluice eval --type "consumer lag"\n\nExits with 1 below 95 % right, or where anything was changed or claimed that must not be.',
    )
    .action(async (options: Options) => {
      const cases = casesOf(options);
      const { runbooks } = readRunbookFiles(options.runbooks ?? projectRoot());
      const rows: Row[] = [];
      for (const [index, one] of cases.entries()) {
        if (process.stderr.isTTY) process.stderr.write(`\r${index + 1}/${cases.length} `);
        rows.push(rowOf(one, await playCase(one, runbooks)));
      }
      if (process.stderr.isTTY) process.stderr.write('\r');
      const report = reportOf(rows);
      if (options.json) printJson(report);
      else process.stdout.write(words(report));
      if (!reachesTarget(report)) process.exitCode = 1;
    });
}

function casesOf(options: Options): readonly SuiteCase[] {
  const folder = options.suite ?? join(projectRoot(), SUITE_FOLDER);
  if (!existsSync(folder))
    throw new Refused(2, 'file_missing', `there is no folder ${folder}`, { fix: 'Give --suite a folder of cases.' });
  const times = Number(options.repeat);
  if (!Number.isInteger(times) || times < 1 || times > 100)
    throw new Refused(2, 'usage', `--repeat ${options.repeat} is no number from 1 to 100`, { fix: 'Write --repeat 5.' });
  const { cases, faults } = readSuite(folder);
  for (const fault of faults) note(fault);
  if (faults.length > 0)
    throw new Refused(1, 'suite_malformed', `${faults.length} of the cases cannot be read`, {
      file: folder,
      fix: 'Mend what is named above.',
    });
  const asked = cases.filter(
    ({ type, name }) =>
      (options.type === undefined || type === options.type) && (options.case === undefined || name.includes(options.case)),
  );
  if (asked.length === 0)
    throw new Refused(2, 'usage', 'no case is of this type and name', {
      fix: `Types: ${[...new Set(cases.map(({ type }) => type))].join(', ')}.`,
    });
  return Array.from({ length: times }, () => asked).flat();
}

function words(report: Report): string {
  const wrong = report.rows
    .filter(({ correct }) => !correct)
    .map((row) => `✗ ${row.type}: ${row.name}\n    ${row.wrong.join('\n    ')}\n`);
  const { cases, correct, no_change, unsupported_claims } = report;
  const share = ((100 * correct) / cases).toFixed(1);
  return `${reportTable(report)}\n${wrong.join('')}${correct} of ${cases} right (${share} %), ${no_change.false_changes} changes on ${no_change.cases} cases without one, ${unsupported_claims} claims without evidence\n`;
}
