import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchRunbook } from '../../src/core/runbook.ts';
import type { Signal } from '../../src/model/signal.ts';
import { aRunbook } from '../support/runbook.ts';

const signal = (alertname: string, labels = {}, annotations = {}): Signal => ({
  source: 'alertmanager',
  status: 'firing',
  alertname,
  labels,
  annotations,
  startsAt: '2026-11-20T03:00:00Z',
  endsAt: null,
  fingerprint: 'f',
});

const named = aRunbook({ id: 'named', alertnames: ['Lag'] });
const narrow = aRunbook({ id: 'narrow', alertnames: ['Lag'], labels: { team: 'data' } });
const labelled = aRunbook({ id: 'labelled', alertnames: [], labels: { kind: 'oom' } });
const telling = aRunbook({ id: 'telling', alertnames: ['Other'], symptoms: ['out of memory', 'heap'] });
const all = [telling, labelled, named, narrow];

describe('matching a runbook', () => {
  test.each([
    ['the exact alertname', signal('Lag'), 'named', 'alertname'],
    ['the alertname whose labels fit too', signal('Lag', { team: 'data' }), 'narrow', 'alertname'],
    ['the alertname before labels', signal('Lag', { kind: 'oom' }), 'named', 'alertname'],
    ['labels where no alertname fits', signal('X', { kind: 'oom' }), 'labelled', 'labels'],
    ['labels before symptoms', signal('X', { kind: 'oom' }, { summary: 'out of memory' }), 'labelled', 'labels'],
    ['symptoms, whatever their case', signal('X', {}, { summary: 'Out Of Memory' }), 'telling', 'symptoms'],
    ['symptoms in the error label', signal('X', { error: 'Java heap space' }), 'telling', 'symptoms'],
  ])('goes by %s', (_, given, id, by) => {
    const match = matchRunbook(given, all);

    expect(match.found === 'one' && [match.runbook.id, match.by]).toEqual([id, by]);
  });

  test.each([
    ['another alertname', signal('lag')],
    ['a label of another value', signal('X', { kind: 'OOM' })],
    ['nothing', signal('')],
  ])('%s matches none, which is an answer', (_, given) => {
    expect(matchRunbook(given, all)).toEqual({ found: 'none', considered: ['labelled', 'named', 'narrow', 'telling'] });
  });

  test('equally good runbooks are a tie and are listed', () => {
    const twin = aRunbook({ id: 'twin', alertnames: ['Lag'] });

    expect(matchRunbook(signal('Lag'), [named, twin])).toEqual({ found: 'tie', runbooks: ['named', 'twin'], by: 'alertname' });
  });

  test('the others that fit are named too', () => {
    const match = matchRunbook(signal('Lag', {}, { summary: 'heap' }), all);

    expect(match.found === 'one' && match.others).toEqual(['telling']);
  });

  test('the order of the runbooks does not matter', () => {
    const signals = fc.record({
      name: fc.constantFrom('Lag', 'X', 'Other'),
      kind: fc.constantFrom('oom', 'x'),
      text: fc.constantFrom('heap', ''),
    });
    fc.assert(
      fc.property(signals, fc.shuffledSubarray(all, { minLength: all.length }), ({ name, kind, text }, shuffled) => {
        const given = signal(name, { kind }, { summary: text });
        expect(matchRunbook(given, shuffled)).toEqual(matchRunbook(given, all));
      }),
    );
  });
});
