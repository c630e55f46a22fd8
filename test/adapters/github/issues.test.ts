import { expect, test } from 'vitest';
import { issueWriter } from '../../../src/adapters/github/issues.ts';
import { stage } from '../../support/github.ts';

test('a comment that somebody deleted stays deleted, and nothing fails', async () => {
  const on = await stage();
  const writer = issueWriter(on.app, on.at);
  const { number } = await writer.open('an incident', 'body', []);
  const id = await writer.comment(number, 'first');
  await writer.editComment(id, 'second');
  const bodies = async () =>
    (await on.app.rest.issues.listComments({ ...on.at, issue_number: number })).data.map((one) => one.body);
  expect(await bodies()).toEqual(['second']);

  await on.user('alice').rest.issues.deleteComment({ ...on.at, comment_id: id });
  await writer.editComment(id, 'third');
  expect(await bodies()).toEqual([]);
});

test('an edit that is refused for another reason fails', async () => {
  const on = await stage();
  const { number } = await issueWriter(on.app, on.at).open('an incident', 'body', []);
  const id = await issueWriter(on.app, on.at).comment(number, 'first');

  await expect(issueWriter(on.user('rita'), on.at).editComment(id, 'mine')).rejects.toThrow();
});
