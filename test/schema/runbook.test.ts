import { describe, expect, test } from 'vitest';
import { readFrontMatter } from '../../src/schema/front-matter.ts';
import { parseRunbook } from '../../src/schema/runbook.ts';

const good = `---
id: a-runbook
title: A runbook
matches: {alertnames: [A]}
parameters:
  topic: {type: string, from: label}
signals:
  lag:
    prometheus:
      exporter: sum(lag{topic=$topic})
    range: 10m
    step: 30s
    unit: records
    absent: unknown
  failed: {databricks: run_failed}
  skew: {spark: skew_ratio}
diagnose:
  - id: behind
    when: lag > 10 && lag_slope > 0.0
    outcome: likely
    explanation: It is behind.
remedies:
  - id: more
    causes: [behind]
    edit: {spark_conf: spark.sql.shuffle.partitions}
    value: job.shuffle_partitions * 2.0
    risk: low
    impact: more tasks
    reason: it helps
    cost: value / job.shuffle_partitions
verify:
  settle: 10m
  within: 24h
  checks:
    - name: lag
      prometheus: sum(lag{topic=$topic})
      unit: records
      expect: after < before
      worse: after > before * 2.0
---

Prose for people.
`;

function faultsOf(text: string) {
  const read = parseRunbook(text, 'runbooks/a.md');
  return read.ok ? [] : read.faults.map((fault) => [fault.line, fault.message] as const);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('a runbook', () => {
  test('is read with its defaults, its durations and its prose', () => {
    const read = parseRunbook(good, 'runbooks/a.md');

    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    expect(read.value).toMatchObject({
      id: 'a-runbook',
      file: 'runbooks/a.md',
      labels: {},
      symptoms: [],
      parameters: { topic: { type: 'string', from: 'label', labels: ['topic'] } },
      verify: { settleMinutes: 10, withinMinutes: 1440 },
      prose: 'Prose for people.',
    });
    expect(read.value.signals[2]).toEqual({
      name: 'skew',
      query: { from: 'spark', fact: 'skew_ratio' },
      unit: '',
      absent: 'unknown',
    });
  });

  test.each([
    ['id: a-runbook', 'id: A Runbook', /^id is /],
    ['title: A runbook', 'titel: A runbook', /title|titel/],
    ['topic=$topic})\n    range', 'topic=$tpic})\n    range', /: tpic: /],
    ['sum(lag{topic=$topic})\n    range', 'sum($topic)\n    range', /: topic: expected a place/],
    ['range: 10m\n    step: 30s', 'range: 10m', /range without a step/],
    ['databricks: run_failed', 'databricks: run_fail', /no fact run_fail/],
    ['when: lag > 10', 'when: lga > 10', /lga/],
    ['lag_slope > 0.0', 'lag_slope > "x"', /./],
    ['when: lag > 10 && lag_slope > 0.0', 'when: lag', /a number, not true or false/],
    ['outcome: likely', 'outcome: certain', /outcome/],
    ['causes: [behind]', 'causes: [ahead]', /ahead is no cause/],
    ['spark_conf: spark.sql.shuffle.partitions', 'spark_conf: spark.sql.ansi.enabled', /changes results/],
    ['spark_conf: spark.sql.shuffle.partitions', 'spark_conf: spark.ui.port', /not on the allow-list/],
    ['    value: job.shuffle_partitions * 2.0\n', '', /edit without a value/],
    ['    edit: {spark_conf: spark.sql.shuffle.partitions}\n    value: job.shuffle_partitions * 2.0\n', '', /0 steps/],
    ['explanation: It is behind.', 'explanation: It is behind.\n    unless: [ahead]', /ahead is no cause above this rule/],
    ['explanation: It is behind.', 'explanation: It is behind.\n    unless: [behind]', /behind is no cause above this rule/],
    ['edit: {spark_conf: spark.sql.shuffle.partitions}', 'advice: {who: us, what: Look.}', /computes a value that its advice/],
    [
      'edit: {spark_conf: spark.sql.shuffle.partitions}\n    value: job.shuffle_partitions * 2.0',
      'advice: {who: us, what: "Start {value}."}',
      /shows a \{value\} that it does not compute/,
    ],
    [
      'edit: {spark_conf: spark.sql.shuffle.partitions}\n    value: job.shuffle_partitions * 2.0',
      'advice: {who: us, what: "Start {value}."}\n    value: job.node_type',
      /a text, not a number/,
    ],
    ['risk: low', 'risk: none', /risk/],
    ['cost: value', 'cost: vlaue', /vlaue/],
    ['expect: after < before', 'expect: after < lag', /lag/],
    ['settle: 10m', 'settle: ten minutes', /settle/],
    ['unit: records\n      expect', 'unit: records\n      spark: skew_ratio\n      expect', /2 sources/],
  ])('%j written as %j is a fault at its line', (from, to, message) => {
    const text = good.replace(from, to);
    expect(text).not.toBe(good);

    const faults = faultsOf(text);

    expect(faults.map(([, why]) => why).join('; ')).toMatch(message);
    expect(faults.every(([line]) => line !== null && line > 1 && line < 45)).toBe(true);
  });

  test('the line of a fault is where the value stands', () => {
    const text = good.replace('when: lag > 10', 'when: lga > 10');

    expect(faultsOf(text)[0]?.[0]).toBe(lineOf(text, 'when: lga'));
  });

  test('all faults are told at once', () => {
    const text = good
      .replace('lag > 10', 'lga > 10')
      .replace('causes: [behind]', 'causes: [ahead]')
      .replace('after < before', 'now < then');

    expect(faultsOf(text).length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['', 1],
    ['# no front matter', 1],
    ['---\nid: [a\n---\n', 2],
    ['---\nid: a\nid: b\n---\n', 3],
    ['---\na: &x 1\nb: *x\n---\n', 3],
  ])('%j is no runbook, at line %s', (text, line) => {
    const read = parseRunbook(text, 'f');

    expect(read.ok ? null : read.faults.map((fault) => [fault.code, fault.line])).toEqual([['runbook_unreadable', line]]);
  });
});

describe('front matter', () => {
  test('is read with Windows line ends and a byte order mark', () => {
    const read = readFrontMatter('\uFEFF---\r\nid: a\r\nlist:\r\n  - x: 1\r\n---\r\nProse');

    expect(read.ok && [read.value.data, read.value.prose, read.value.lineOf(['list', 0, 'x'])]).toEqual([
      { id: 'a', list: [{ x: 1 }] },
      'Prose',
      4,
    ]);
  });
});
