import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { matchFailure, matchRunbook } from '../../src/core/runbook.ts';
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

describe('matching by a failed run', () => {
  const byKind = aRunbook({ id: 'by-kind', symptoms: ['error_kind=delta_conflict'] });
  const bySaid = aRunbook({ id: 'by-said', symptoms: ['Concurrent', 'partition'] });
  const also = aRunbook({ id: 'also', symptoms: ['concurrent'] });
  const byTrace = aRunbook({ id: 'by-trace', symptoms: ['MergeIntoCommand'] });
  const elsewhere = aRunbook({
    id: 'elsewhere',
    labels: { team: 'other' },
    symptoms: ['error_kind=delta_conflict', 'concurrent'],
  });
  const failure: Failure = { kind: 'delta_conflict', said: 'ConcurrentAppend: partition a', trace: 'at MergeIntoCommand.run' };
  const by = (runbooks: Parameters<typeof matchRunbook>[1], change: Partial<Failure> = {}, annotations = {}) => {
    const given = signal('X', {}, annotations);
    const match = matchFailure(matchRunbook(given, runbooks), { ...failure, ...change }, given, runbooks);
    return match.found === 'one' ? match.runbook.id : match.found === 'tie' ? match.runbooks : match.found;
  };

  test.each<[string, Parameters<typeof matchRunbook>[1], Partial<Failure>, string]>([
    ['its kind first', [byTrace, bySaid, byKind], {}, 'by-kind'],
    ['what it said before the trace', [byTrace, also], {}, 'also'],
    ['the most that it said', [also, bySaid], {}, 'by-said'],
    ['the trace where nothing else fits', [byTrace, byKind], { kind: 'other' }, 'by-trace'],
    ['nothing where nothing fits', [byTrace, bySaid], { said: '', trace: '' }, 'none'],
    ['no kind where none could be told', [byKind], { kind: null }, 'none'],
    ['labels too', [elsewhere], {}, 'none'],
  ])('goes by %s', (_, runbooks, change, id) => {
    expect(by(runbooks, change)).toBe(id);
  });

  test('of two of a kind, what the run said decides, then the trace; else it is a tie', () => {
    const kinds = [byKind, aRunbook({ id: 'b', symptoms: ['error_kind=delta_conflict', 'MergeInto', 'partition'] })];

    expect([by(kinds), by(kinds, { said: '' }), by(kinds, { said: '', trace: '' })]).toEqual(['b', 'b', ['b', 'by-kind']]);
  });

  test('a tie of symptoms in the alert is settled among those that tie, or stays', () => {
    const both = { summary: 'concurrent MergeIntoCommand' };

    expect(by([also, byTrace, byKind], {}, both)).toBe('also');
    expect(by([also, byTrace], { said: '', trace: '' }, both)).toEqual(['also', 'by-trace']);
  });

  test('a tie of alertnames, and an answer, stay as they are', () => {
    const twins = [aRunbook({ id: 'one', alertnames: ['X'] }), aRunbook({ id: 'two', alertnames: ['X'] })];

    expect(by([...twins, byKind])).toEqual(['one', 'two']);
    expect(by([...twins.slice(1), byKind])).toBe('two');
  });

  test('the order of the runbooks does not matter', () => {
    const given = [byKind, bySaid, also, byTrace, elsewhere];
    const kind = fc.constantFrom<Failure['kind'][]>('delta_conflict', 'other', null);
    const [said, trace] = [fc.constantFrom('', 'concurrent', failure.said), fc.constantFrom('', failure.trace)];
    fc.assert(
      fc.property(
        fc.record({ kind, said, trace }),
        fc.shuffledSubarray(given, { minLength: given.length }),
        (change, shuffled) => {
          expect(by(shuffled, change)).toEqual(by(given, change));
        },
      ),
    );
  });
});
