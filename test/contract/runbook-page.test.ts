import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorKinds } from '../../src/core/error-kind.ts';
import { exporters } from '../../src/core/exporters/catalogue.ts';
import { jobVocabulary } from '../../src/core/job-facts.ts';
import { lintRunbook } from '../../src/core/lint/lint.ts';
import { factNames } from '../../src/core/runbook-vocabulary.ts';
import { parseRunbook } from '../../src/schema/runbook.ts';

const page = readFileSync('docs/runbooks.md', 'utf8');

test('the runbook that docs/runbooks.md shows is sound', () => {
  const [, shown = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  expect(parseRunbook(shown, 'docs/runbooks.md', lintRunbook)).toMatchObject({ ok: true, value: { id: 'orders-backlog' } });
});

test('every exporter of the catalogue stands in docs/runbooks.md', () => {
  const [, section = ''] = /## Exporters\n([\s\S]*?)\n## /.exec(page) ?? [];
  for (const { id } of exporters) expect(section).toContain(`\`${id}\``);
});

test('every fact and every name that an expression may use stands in docs/runbooks.md, and no other fact does', () => {
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((found) => found[1]);
  expect(rows.sort()).toEqual([...factNames('databricks'), ...factNames('spark')].sort());
  for (const name of Object.keys(jobVocabulary)) expect(page).toContain(`\`${name}\``);
});

test('every kind of error stands in docs/runbooks.md once, with its meaning', () => {
  const [, table = ''] = /\| error_kind \| the run failed because \|\n([\s\S]*?)\n\n/.exec(page) ?? [];
  const told = [...table.matchAll(/^\| ([a-z_, ]+) \| \S/gm)].flatMap(([, kinds = '']) => kinds.split(', '));
  expect(told.sort()).toEqual([...errorKinds].sort());
});

test('every runbook that comes with Sluice stands in docs/runbooks.md under its title', () => {
  const [, list = ''] = /## The runbooks that come with Sluice\n([\s\S]*)/.exec(page) ?? [];
  const files = readdirSync('runbooks').filter((file) => file.endsWith('.md'));
  for (const file of files) {
    const read = parseRunbook(readFileSync(`runbooks/${file}`, 'utf8'), file);
    expect(list).toContain(`| [${file.slice(0, -3)}](../runbooks/${file}) | ${read.ok ? read.value.title : ''} |`);
  }
  expect(list.match(/^\| \[/gm)).toHaveLength(files.length);
});
