import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchTarget } from '../../src/core/target.ts';
import type { LabelMatcher, Target } from '../../src/model/target.ts';

function target(name: string, match: readonly LabelMatcher[]): Target {
  const rest = {
    kind: 'file',
    appliedBy: 'pipeline',
    workspace: null,
    job: null,
    taskKey: null,
    clusterKey: null,
    rerun: 'never',
    streaming: false,
  } as const;
  return { name, line: 1, match, files: ['f.json'], ...rest };
}

const is = (label: string, value: string): LabelMatcher => ({ label, op: '=', value });
const like = (label: string, value: string): LabelMatcher => ({ label, op: '=~', value });
const signal = { alertname: 'Lag', labels: { alertname: 'Lag', job_id: '42', topic: 'orders' } };

describe('a signal', () => {
  test('means the target whose matchers all match', () => {
    const targets = [target('a', [is('job_id', '42'), is('topic', 'x')]), target('b', [is('job_id', '42')])];

    expect(matchTarget(targets, signal)).toEqual({ kind: 'target', target: targets[1], candidates: ['b'] });
  });

  test('means the target with most matchers', () => {
    const targets = [target('a', [is('job_id', '42')]), target('b', [is('job_id', '42'), like('topic', 'ord.*')])];

    expect(matchTarget(targets, signal)).toMatchObject({ kind: 'target', target: { name: 'b' }, candidates: ['b', 'a'] });
  });

  test('is ambiguous when two targets have equally many', () => {
    const targets = [target('a', [is('job_id', '42')]), target('b', [is('topic', 'orders')]), target('c', [is('topic', 'x')])];

    expect(matchTarget(targets, signal)).toMatchObject({ kind: 'ambiguous', candidates: ['a', 'b'] });
  });

  test('that is ambiguous names the lines of the tied targets, and not those of less specific ones', () => {
    const two = [is('job_id', '42'), is('topic', 'orders')];
    const targets = [
      { ...target('a', two), line: 7 },
      { ...target('b', [is('job_id', '42')]), line: 14 },
      { ...target('c', two), line: 21 },
    ];

    expect(matchTarget(targets, signal)).toEqual({
      kind: 'ambiguous',
      candidates: ['a', 'c', 'b'],
      tied: [
        { name: 'a', line: 7 },
        { name: 'c', line: 21 },
      ],
    });
  });

  test.each([
    ['ord', false],
    ['rders', false],
    ['ord.*', true],
    ['orders|x', true],
    ['x|order', false],
    ['(', false],
    ['.*', true],
  ])('matches the expression %s wholly or not at all: %s', (expression, matches) => {
    expect(matchTarget([target('a', [like('topic', expression)])], signal).kind).toBe(matches ? 'target' : 'unknown');
  });

  test('without a label has the empty value for it', () => {
    expect(matchTarget([target('a', [is('gone', '')])], signal).kind).toBe('target');
    expect(matchTarget([target('a', [is('toString', 'x')])], signal).kind).toBe('unknown');
    expect(matchTarget([target('a', [like('gone', '.+')])], signal).kind).toBe('unknown');
  });

  test('is never matched by a target without matchers', () => {
    expect(matchTarget([target('a', [])], signal).kind).toBe('unknown');
  });

  test('is not tried against expressions when its value is very long', () => {
    expect(matchTarget([target('a', [like('topic', '.*')])], { ...signal, labels: { topic: 'x'.repeat(257) } }).kind).toBe(
      'unknown',
    );
  });

  test('matches the same target in whatever order they are written', () => {
    const matcher = fc.constantFrom(
      is('job_id', '42'),
      is('topic', 'orders'),
      is('topic', 'x'),
      like('topic', 'o.*'),
      is('alertname', 'Lag'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(matcher, { maxLength: 4 }), { maxLength: 6 }), (matches) => {
        const targets = matches.map((match, index) => target(`t${index}`, match));
        const one = matchTarget(targets, signal);
        const two = matchTarget([...targets].reverse(), signal);
        expect(two.kind).toBe(one.kind);
        if (one.kind === 'target' && two.kind === 'target') expect(two.target).toBe(one.target);
      }),
    );
  });
});
