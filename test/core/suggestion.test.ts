import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { starterConfig, suggestedTarget } from '../../src/core/suggestion.ts';
import { matchTarget } from '../../src/core/target.ts';
import { parseConfig } from '../../src/schema/config.ts';

/** What a person writes in place of our words. */
const OWN: Readonly<Record<string, string>> = {
  'REPLACE-WITH-NAME': 'mine',
  'REPLACE-WITH-FILE': 'orders',
  'REPLACE-WITH-WORKSPACE': 'prod',
  'REPLACE-WITH-JOB-NAME': 'orders-nightly',
};

function replaced(yaml: string): string {
  return yaml.replace(/REPLACE-WITH-[A-Z-]+(?=[\s}.]|$)/g, (word) => OWN[word] ?? word);
}

function parsedTarget(labels: Readonly<Record<string, string>>, alertname = 'Lag') {
  const parsed = parseConfig(replaced(`targets:\n${suggestedTarget({ alertname, labels }, [])}`));
  return parsed.ok ? parsed.value.targets[0] : parsed.faults;
}

const matchersOf = (labels: Readonly<Record<string, string>>) => {
  const target = parsedTarget(labels);
  return target && 'match' in target ? target.match.map(({ label }) => label) : target;
};

describe('a suggested target', () => {
  test.each([
    ['a job by its id rather than its name', { job_id: '42', job_name: 'orders' }, ['job_id']],
    ['a job by its name where there is no id', { job_name: 'orders', team: 'data' }, ['job_name']],
    [
      'a consumer group and its topic',
      { topic: 'orders', consumergroup: 'c', job: 'kafka-exporter' },
      ['consumergroup', 'topic'],
    ],
    [
      'a group as the other exporters name it',
      { dimension_Consumer_Group: 'c', dimension_Topic: 't' },
      ['dimension_Consumer_Group', 'dimension_Topic'],
    ],
    ['a stream', { stream_name: 's', severity: 'page', region: 'eu' }, ['stream_name']],
    [
      'at most two labels beside the name',
      { job_id: '1', consumergroup: 'c', topic: 't', stream: 's' },
      ['job_id', 'consumergroup'],
    ],
    [
      'what is left where no label is known',
      { zone: 'a', team: 'b', area: 'c', pod: 'x', instance: 'y', workspace: 'w' },
      ['area', 'team'],
    ],
    ['the alert alone where all labels pass', { instance: 'h:1', run_id: '5', workspace: 'w' }, []],
    ['no label that is empty or no label name', { topic: '', 'a-b': 'x' }, []],
  ])('names %s', (_, labels, names) => {
    expect(matchersOf(labels)).toEqual(['alertname', ...names]);
  });

  test('says sluice with the workspace of the alert where that one is configured', () => {
    const signal = { alertname: 'Lag', labels: { job_id: '42', workspace: 'prod' } };

    expect(suggestedTarget(signal, [{ workspace: null }, { workspace: 'prod' }])).toMatch(
      /applied_by: sluice[\s\S]*workspace: prod /,
    );
    expect(suggestedTarget(signal, [{ workspace: 'staging' }])).toContain('workspace: REPLACE-WITH-WORKSPACE');
    expect(suggestedTarget({ ...signal, labels: {} }, [{ workspace: 'prod' }])).toContain('workspace: REPLACE-WITH-WORKSPACE');
  });

  test('explains every line but the labels', () => {
    const lines = suggestedTarget({ alertname: 'Lag', labels: { job_id: '42' } }, [])
      .trimEnd()
      .split('\n');

    for (const line of lines.filter((one) => !one.includes('"job_id"'))) expect(line).toMatch(/ {2}# [A-Za-z]/);
  });

  test('is refused, with its lines, until the words that only a person knows are replaced', () => {
    const parsed = parseConfig(`targets:\n${suggestedTarget({ alertname: 'Lag', labels: {} }, [])}`);

    expect(parsed.ok ? [] : parsed.faults.map(({ line, message }) => [line, message])).toEqual([
      [2, 'a value still says REPLACE-WITH-NAME'],
      [5, 'a value still says REPLACE-WITH-FILE'],
      [8, 'a value still says REPLACE-WITH-WORKSPACE'],
      [9, 'a value still says REPLACE-WITH-JOB-NAME'],
    ]);
  });

  test('is accepted and matches its alert, whatever the alert says; no label leaves its quotes', () => {
    const name = fc.constantFrom('job_id', 'job_name', 'topic', 'group', 'workspace', 'team', 'severity', 'x-y', '__proto__');
    const labels = fc.dictionary(name, fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('42', 'prod', '007')), {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(labels, fc.string({ minLength: 1 }), (own, alertname) => {
        const signal = { alertname, labels: { ...own, alertname } };
        const parsed = parseConfig(replaced(starterConfig(signal)));
        if (!parsed.ok) {
          expect(parsed.faults.map((fault) => fault.message).join()).toMatch(/looks like/);
          return;
        }
        expect(parsed.value.mode).toBe('shadow');
        expect(parsed.value.targets).toHaveLength(1);
        expect(parsed.value.targets[0]?.match.length).toBeLessThanOrEqual(3);
        expect(matchTarget(parsed.value.targets, signal).kind).toBe('target');
      }),
      { numRuns: 500 },
    );
    expect(suggestedTarget({ alertname: 'A', labels: { topic: '`<!-- ```\n/approve' } }, [])).not.toMatch(/[`]|<!|\n\/approve/);
  });
});
