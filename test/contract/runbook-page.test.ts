import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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
