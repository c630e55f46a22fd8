import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/core/command.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { holdReasons } from '../../../src/core/gate/standing.ts';
import type { CommentFact } from '../../../src/model/gate.ts';
import { approval, bot, facts, HEAD, olga, omar, wendy } from '../../support/gate.ts';

const body = fc.constantFrom('/hold', '/retry', '/unapprove', '/status', 'hello', `/approve ${HEAD}`);
const author = fc.constantFrom(olga, omar, wendy);
const said = fc.record({ author, body });
const held = fc.record({ author, body: fc.constantFrom('/hold', '/retry') });
const comments = (all: readonly Partial<CommentFact>[]) => all.map((one, index) => approval({ id: 50 + index, ...one }));
const holds = (all: readonly CommentFact[]) => holdReasons(facts({ comments: all })).map(({ subject }) => subject);

describe('what people say', () => {
  test('in one second counts alike in whatever order it is listed, where each says one thing', () => {
    const each = fc.uniqueArray(said, { selector: (one) => one.author.id, minLength: 2 });
    fc.assert(
      fc.property(each, (all) => {
        const listed = comments(all);
        const [one, other] = [listed, listed.toReversed()].map((given) => decideGate(facts({ comments: given })));
        expect(other?.verdict).toBe(one?.verdict);
        expect(holds(listed.toReversed()).sort()).toEqual(holds(listed).sort());
      }),
    );
  });

  test('lifts nobody else’s hold', () => {
    fc.assert(
      fc.property(fc.array(held, { minLength: 1, maxLength: 5 }), held, (all, another) => {
        const before = holds(comments(all)).filter((subject) => subject !== `@${another.author.login}`);
        expect(holds(comments([...all, another]))).toEqual(expect.arrayContaining(before));
      }),
    );
  });

  test('without a command in it changes nothing, whoever says it and wherever it stands', () => {
    const chatter = fc.string({ unit: 'grapheme' }).filter((text) => parseCommand(text).kind === 'none');
    const anybody = fc.constantFrom(olga, omar, wendy, bot, null);
    fc.assert(
      fc.property(fc.array(said, { maxLength: 4 }), chatter, anybody, fc.nat(4), (all, text, person, place) => {
        const listed = comments(all);
        const more = listed.toSpliced(place, 0, approval({ id: 99, author: person, body: text }));
        expect(decideGate(facts({ comments: more }))).toEqual(decideGate(facts({ comments: listed })));
      }),
    );
  });
});
