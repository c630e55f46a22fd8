import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseRunbook } from '../../src/schema/runbook.ts';

// As the MCP door does: the first shape of the whole library gives every parser of the process words of its own.
z.string();

const GOOD = readFileSync('test/fixtures/runbooks/a-runbook.md', 'utf8');

function faultsOf(text: string) {
  const read = parseRunbook(text, 'runbooks/a.md');
  return read.ok ? [] : read.faults.map(({ line, message, fix }) => [line, message, fix] as const);
}

/** From, to, the line of the one fault (in the file, whose first line is the fence), its words, and what to do. */
const ROWS: readonly (readonly [string, string, number, string, string])[] = [
  [
    'id: a-runbook',
    'id: A Runbook',
    2,
    'id is "A Runbook", not a lower case id such as too-few-workers (letters, digits and -)',
    'Write a lower case id',
  ],
  ['id: a-runbook\n', '', 2, 'id is missing', 'Add id: and a lower case id'],
  ['title: A runbook', 'titel: A runbook', 3, 'unknown key "titel" in the front matter', 'Did you mean title?'],
  ['title: A runbook', 'title: 2026', 3, 'title is 2026, not a text', 'Put it between quotes: "2026".'],
  ['title: A runbook', 'title: ""', 3, 'title is empty', 'Write a text.'],
  ['alertnames: [A, B]', 'alertnames: A', 5, 'matches.alertnames is "A", not a list', 'Write a list.'],
  ['alertnames: [A, B]', 'alertnames: [A, 5]', 5, 'matches.alertnames[1] is 5, not a text', 'Put it between quotes: "5".'],
  ['alertnames: [A, B]', 'alertname: [A, B]', 5, 'unknown key "alertname" in matches', 'Did you mean alertnames?'],
  ['team: data', 'team: {}', 7, 'matches.labels.team is a map, not a text', 'Write a text.'],
  [
    '  topic: {type',
    '  Topic: {type',
    10,
    'the key "Topic" of parameters is not a lower case name such as lag_seconds (letters, digits and _)',
    'Write a lower case name',
  ],
  [
    'type: string',
    'type: integer',
    10,
    'parameters.topic.type is "integer", not one of string, int64',
    'Write one of string, int64.',
  ],
  ['type: string, ', '', 10, 'parameters.topic.type is missing', 'Add type: and one of string, int64.'],
  [
    'from: label}',
    'from: alert}',
    10,
    'parameters.topic.from is "alert", not one of label, target',
    'Write one of label, target.',
  ],
  [
    'absent: unknown',
    'absent: zero',
    18,
    'signals.lag.absent is "zero", not one of unknown, healthy',
    'Write one of unknown, healthy.',
  ],
  ['    unit: records\n    absent', '    absent', 12, 'signals.lag.unit is missing', 'Add unit: and a text.'],
  ['    step: 30s\n', '', 15, 'signals.lag.range: lag has a range without a step', 'Give range and step together'],
  [
    'range: 10m',
    'range: ten minutes',
    15,
    'signals.lag.range is "ten minutes", not a duration such as 30s, 10m, 24h or 7d',
    'Write a duration',
  ],
  ['exporter: sum', 'exporter: [sum', 14, 'is not YAML: ', 'Mend the YAML there'],
  [
    '{topic=$topic})\n    range',
    '{topic=$tpic})\n    range',
    14,
    'signals.lag.prometheus.exporter: tpic: expected',
    'Write a declared parameter',
  ],
  [
    'failed: {databricks: run_failed}',
    'failed: {databrick: run_failed}',
    19,
    'unknown key "databrick" in signals.failed',
    'Did you mean databricks?',
  ],
  [
    'failed: {databricks: run_failed}',
    'failed: {fact: run_failed}',
    19,
    'signals.failed has none of prometheus, databricks, spark',
    'Give exactly one of prometheus, databricks, spark.',
  ],
  [
    'failed: {databricks: run_failed}',
    'failed: run_failed',
    19,
    'signals.failed is "run_failed", not a map with one of prometheus, databricks, spark',
    'Write a map',
  ],
  [
    'failed: {databricks: run_failed}',
    'failed: {databricks: run_fail}',
    19,
    'signals.failed.databricks: databricks has no fact run_fail',
    'Use one of run_failed, ',
  ],
  [
    '{spark: skew_ratio}',
    '{spark: skew_ratio, databricks: run_failed}',
    20,
    'signals.skew has databricks and spark at once',
    'Give exactly one of',
  ],
  [
    'outcome: likely',
    'outcome: certain',
    24,
    'diagnose[0].outcome is "certain", not one of likely, confirmed, healthy',
    'Write one of likely, confirmed, healthy.',
  ],
  ['    explanation: It is behind.\n', '', 22, 'diagnose[0].explanation is missing', 'Add explanation: and a text.'],
  ['when: lag > 10.0', 'when: lga > 10.0', 23, 'diagnose[0].when: there is no lga here', 'Use one of lag, lag_first, '],
  [
    'when: lag > 10.0',
    'when: lag > "x"',
    23,
    'diagnose[0].when: CEL does not know double > string',
    'Compare and combine like with like.',
  ],
  ['when: lag > 10.0', 'when: lag * 2 > 10.0', 23, 'diagnose[0].when: CEL does not know double * int', 'write 2.0 instead of 2'],
  [
    'when: lag > 10.0 && lag_slope > 0.0',
    'when: lag',
    23,
    'diagnose[0].when: it gives a number, not true or false',
    'Compare it with something',
  ],
  ['when: lag > 10.0 && lag_slope > 0.0', 'when: lag > 10.0 &&', 23, 'diagnose[0].when: the expression breaks off', 'Finish it'],
  [
    'causes: [behind]',
    'causes: [behind, ahead]',
    28,
    'remedies[0].causes[1]: ahead is no cause of this runbook',
    'Name one of behind.',
  ],
  ['causes: [behind]', 'causes: []', 28, 'remedies[0].causes is empty', 'Write at least one item.'],
  [
    'edit: {spark_conf: spark',
    'edit: {sparkconf: spark',
    29,
    'unknown key "sparkconf" in remedies[0].edit',
    'Did you mean spark_conf?',
  ],
  [
    'spark_conf: spark.sql.shuffle.partitions',
    'spark_conf: spark.ui.port',
    29,
    'remedies[0].edit.spark_conf: spark.ui.port',
    'Choose a key on the allow-list',
  ],
  [
    '    value: job.shuffle_partitions * 2.0\n',
    '',
    29,
    'remedies[0].edit: more has an edit without a value',
    'Give edit and value together.',
  ],
  [
    'value: job.shuffle_partitions',
    'value: job.shuffle_partition',
    30,
    'remedies[0].value: there is no field shuffle_partition',
    'Use one of job.workers, ',
  ],
  ['risk: low', 'risk: none', 31, 'remedies[0].risk is "none", not one of low, medium, high', 'Write one of low, medium, high.'],
  ['    repair: true', '    repair: yes please', 38, 'remedies[1].repair is "yes please", not true', 'Write true.'],
  ['forbids: more', 'forbids: mroe', 43, 'conflicts[0].forbids: mroe is no remedy of this runbook', 'Name one of more, again.'],
  ['settle: 10m', 'settle: 600', 46, 'verify.settle is 600, not a duration such as 30s', 'Write a duration such as'],
  ['  within: 24h\n', '', 44, 'verify.within is missing', 'Add within: and a duration'],
  [
    'expect: after < before',
    'expect: after < lag',
    52,
    'verify.checks[0].expect: there is no lag here',
    'Use one of before, after.',
  ],
  ['      worse: after > before * 2.0\n', '', 49, 'verify.checks[0].worse is missing', 'Add worse: and a text.'],
];

describe('a single fault of a runbook is told in the runbook’s words, at its line, with what to do', () => {
  test('and the runbook that the rows change has none', () => {
    expect(faultsOf(GOOD)).toEqual([]);
  });

  test.each(ROWS)('%j written as %j', (from, to, line, message, fix) => {
    expect(GOOD).toContain(from);

    const faults = faultsOf(GOOD.replace(from, to));

    expect(faults).toEqual([[line, expect.stringContaining(message), expect.stringContaining(fix)]]);
  });

  test('whatever one line is changed to, no fault speaks the parser’s language or points outside of the head', () => {
    const lines = GOOD.split('\n');
    const changed = fc.tuple(fc.nat(lines.length - 1), fc.constantFrom('', 'x', '  x: 1', '- x', 'x: [', '    5', 'x: {a: b}'));
    fc.assert(
      fc.property(changed, ([at, put]) => {
        for (const [line, message, fix] of faultsOf(lines.with(at, put).join('\n'))) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(message).not.toMatch(/Invalid input|undefined|\[object/);
          expect(fix).not.toBe('');
        }
      }),
    );
  });
});
