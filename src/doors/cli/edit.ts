import type { Command } from 'commander';
import { declaredIn } from '../../core/bundle/declared.ts';
import { variableIn } from '../../core/bundle/use.ts';
import { type Edited, type EditFormat, editText, formatOf } from '../../core/edit/edit.ts';
import { isUnderSparkConf } from '../../core/edit/value.ts';
import { type PathStep, parsePointer } from '../../core/selector.ts';
import type { EditReasonCode, Reason } from '../../model/reason.ts';
import { note, printJson, Refused, refusedFor } from './answer.ts';
import { readExactText } from './files.ts';

interface Setting {
  readonly pointer: string;
  readonly value: string;
}

export function editCommand(program: Command): void {
  program
    .command('edit')
    .description('print a file with one value set and every other byte as it was')
    .argument('<file>', 'a .json, .jsonc, .yml, .yaml, .conf or .properties file; it is not written')
    .requiredOption('--set <pointer=value>', 'a JSON pointer (RFC 6901), or for .conf the key; split at the first =', onlyOnce())
    .option('--json', 'print one JSON document with the edited text')
    .addHelpText(
      'after',
      `
Examples:
  sluice edit jobs/orders-nightly.json --set /tasks/0/max_retries=2
  sluice edit jobs/spark-defaults.conf --set spark.sql.shuffle.partitions=400`,
    )
    .action((file: string, options: { set: string; json?: true }) => {
      const setting = settingOf(options.set);
      const format = formatOf(file);
      if (format === null)
        throw new Refused(1, 'no_surface', 'is no file that can be edited byte for byte', {
          file,
          fix: 'Use a .json, .jsonc, .yml, .yaml, .conf or .properties file; templates have no values of their own.',
        });
      const edited = edit(format, file, setting);
      for (const warning of edited.warnings) note(`${file}: ${warning.subject} stands there ${warning.observed}; kept as it is`);
      if (!options.json) process.stdout.write(edited.text);
      else printJson(documentOf(file, setting, edited));
    });
}

/** One edit a call: a second --set would otherwise replace the first in silence. */
function onlyOnce(): (value: string, before: string | undefined) => string {
  return (value, before) => {
    if (before !== undefined) throw new Refused(2, 'usage', '--set is given twice', { fix: 'Make one edit a call.' });
    return value;
  };
}

function settingOf(text: string): Setting {
  const at = text.indexOf('=');
  if (at <= 0) throw new Refused(2, 'usage', `--set ${text} is no POINTER=VALUE`, { fix: 'Write --set /tasks/0/max_retries=2.' });
  return { pointer: text.slice(0, at), value: text.slice(at + 1) };
}

function edit(format: EditFormat, file: string, { pointer, value }: Setting): Edited {
  const path = pathOf(format, pointer);
  const text = readExactText(file);
  // Spark reads settings that nobody wrote yet; any other key that is not there is a misspelt one.
  const mayAdd = format === 'conf' || isUnderSparkConf(path);
  const edited = editText(format, text, path, { set: value, ...(!mayAdd && { missing: 'refuse' as const }) });
  if (!edited.ok) throw refusedFor(edited.reason, file, fixOf(edited.reason, text));
  return edited.value;
}

/** A value that is a variable is set where the variable has its own. */
function fixOf({ code, observed }: Reason<EditReasonCode>, text: string): string | null {
  const name = code === 'interpolated' ? variableIn(observed) : null;
  if (name === null) return null;
  const places = declaredIn(text, name).map(({ pointer, line }) => `${pointer} (line ${line})`);
  return places.length === 0
    ? `Set the variable ${name} in the file of the bundle that declares it, under variables; every user of it changes.`
    : `Set the variable ${name} at ${places.join(' or ')}; every user of it changes.`;
}

function pathOf(format: EditFormat, pointer: string): readonly PathStep[] {
  if (format === 'conf') return [{ key: pointer }];
  const steps = parsePointer(pointer);
  if (steps.ok) return steps.value;
  throw new Refused(2, 'usage', `${pointer} is no JSON pointer`, { fix: `Write ${steps.reason.expected}.` });
}

function documentOf(file: string, { pointer }: Setting, { old, new: next, line, added, warnings, text }: Edited) {
  return { file, pointer, old, new: next, line, added, warnings, text };
}
