import { describe, expect, test } from 'vitest';
import type { BranchRules } from '../../../src/twin/github/seed.ts';
import { refusal, type Stage, stage } from '../../support/github.ts';
import { ask, REPO } from './ask.ts';

const GATE = { context: 'sluice/gate', appId: 7 };
const VIOLATION = 'Repository rule violations found\n\n';
const ROLLUP = `reviewDecision mergeable mergeStateStatus statusCheckRollup { state commit { oid } contexts(first: 100) { totalCount nodes {
  __typename
  ... on CheckRun { name status conclusion isRequired(pullRequestNumber: 1) checkSuite { app { databaseId slug } } }
  ... on StatusContext { context statusState: state isRequired(pullRequestNumber: 1) creator { login } } } } }`;

async function guarded(rules: Omit<BranchRules, 'branch'>) {
  const on = await stage({ branchRules: [{ branch: 'main', ...rules }] });
  const head = await on.branch('fix', { 'a.txt': 'a\n' });
  await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
  const at = { ...on.at, pull_number: 1 };
  return {
    on,
    head,
    at,
    merge: () => on.user('alice').rest.pulls.merge(at),
    told: async (token?: string) => {
      // The first question starts GitHub's computation.
      await ask(on, `{ ${REPO} { pullRequest(number: 1) { mergeable } } }`, token);
      return ask(on, `{ ${REPO} { pullRequest(number: 1) { ${ROLLUP} } } }`, token);
    },
  };
}

const run = (on: Stage, octokit: Stage['app'], name: string, head_sha: string, conclusion: 'success' | 'failure' | 'skipped') =>
  octokit.rest.checks.create({ ...on.at, name, head_sha, status: 'completed', conclusion });
const status = (on: Stage, octokit: Stage['app'], context: string, sha: string, state: 'success' | 'failure' | 'pending') =>
  octokit.rest.repos.createCommitStatus({ ...on.at, sha, context, state });
const workflow = (on: Stage) =>
  on.withToken(on.twin.mintActionsToken({ runId: 1, permissions: { checks: 'write', statuses: 'write' } }));

describe('a merge', () => {
  test('is refused until a required check of one App comes from that App', async () => {
    const { on, head, merge } = await guarded({ requiredChecks: [GATE] });
    const expected = `${VIOLATION}Required status check "sluice/gate" is expected.`;
    expect(await refusal(merge())).toMatchObject({ status: 405, message: expect.stringContaining(expected) });
    await run(on, workflow(on), 'sluice/gate', head, 'success');
    await status(on, on.user('olga'), 'sluice/gate', head, 'success');
    expect((await refusal(merge())).message).toContain(expected);
    await run(on, on.app, 'sluice/gate', head, 'failure');
    expect((await refusal(merge())).message).toContain('Required status check "sluice/gate" is failing.');
    await run(on, on.app, 'sluice/gate', head, 'success');
    expect((await merge()).data.merged).toBe(true);
  });

  test('counts a check that anybody may write, and wants a check and a status of one name both', async () => {
    const { on, head, merge } = await guarded({ requiredChecks: [{ context: 'build' }] });
    await status(on, on.user('olga'), 'Build', head, 'pending');
    await run(on, workflow(on), 'build', head, 'skipped');
    expect((await refusal(merge())).message).toContain('Required status check "build" is pending.');
    await status(on, on.user('olga'), 'build', head, 'success');
    expect((await merge()).data.merged).toBe(true);
  });

  test('tells all that is missing: several checks together, then reviews', async () => {
    const { on, head, merge } = await guarded({ requiredChecks: [GATE, { context: 'build' }], requiredReviews: 2 });
    const reviews = 'At least 2 approving reviews are required by reviewers with write access.';
    expect((await refusal(merge())).message).toContain(`${VIOLATION}2 of 2 required status checks are expected.\n\n${reviews}`);
    await run(on, workflow(on), 'build', head, 'failure');
    expect((await refusal(merge())).message).toContain('2 of 2 required status checks have not succeeded.');
  });

  test('waits for a review that asks for changes to be dismissed', async () => {
    const { on, at, merge, told } = await guarded({ requiredReviews: 1 });
    const heard: string[] = [];
    on.twin.onEvent((event) => void (event.name === 'pull_request_review' && heard.push(String(event.payload.action))));
    const asked = await on.user('olga').rest.pulls.createReview({ ...at, event: 'REQUEST_CHANGES', body: 'No' });
    await on.user('alice').rest.pulls.createReview({ ...at, event: 'APPROVE' });
    expect((await told()).data.repository?.pullRequest).toMatchObject({ reviewDecision: 'CHANGES_REQUESTED' });
    expect((await refusal(merge())).message).toContain('Changes have been requested');
    const dismiss = (octokit: Stage['app']) =>
      octokit.rest.pulls.dismissReview({ ...at, review_id: asked.data.id, message: 'It was answered' });
    expect((await refusal(dismiss(on.user('rita')))).status).toBe(403);
    expect((await dismiss(on.user('alice'))).data.state).toBe('DISMISSED');
    expect((await refusal(dismiss(on.user('alice')))).status).toBe(422);
    expect(heard).toEqual(['submitted', 'submitted', 'dismissed']);
    expect((await told()).data.repository?.pullRequest).toMatchObject({ reviewDecision: 'APPROVED', mergeStateStatus: 'CLEAN' });
    expect((await merge()).data.merged).toBe(true);
  });
});

describe('GraphQL', () => {
  test('shows every report on the head, whose it is, and whether the base wants it', async () => {
    const { on, head, told } = await guarded({ requiredChecks: [GATE, { context: 'build' }] });
    const nobody = await told();
    expect(nobody.data.repository?.pullRequest).toMatchObject({
      reviewDecision: null,
      mergeable: 'MERGEABLE',
      mergeStateStatus: 'BLOCKED',
      statusCheckRollup: null,
    });
    await run(on, workflow(on), 'build', head, 'failure');
    await run(on, workflow(on), 'build', head, 'success');
    await run(on, workflow(on), 'sluice/gate', head, 'success');
    await run(on, on.app, 'sluice/gate', head, 'success');
    await status(on, on.user('olga'), 'sluice/gate', head, 'success');
    const actions = { checkSuite: { app: { databaseId: 15368, slug: 'github-actions' } } };
    const { errors, data } = await told();
    expect(errors).toBeUndefined();
    expect(data.repository?.pullRequest).toMatchObject({
      mergeStateStatus: 'CLEAN',
      statusCheckRollup: {
        state: 'FAILURE',
        commit: { oid: head },
        contexts: {
          totalCount: 5,
          nodes: [
            { __typename: 'CheckRun', name: 'build', status: 'COMPLETED', conclusion: 'FAILURE', isRequired: true, ...actions },
            { name: 'build', conclusion: 'SUCCESS', isRequired: true, ...actions },
            { name: 'sluice/gate', isRequired: false, ...actions },
            { name: 'sluice/gate', isRequired: true, checkSuite: { app: { databaseId: 7, slug: 'sluice' } } },
            {
              __typename: 'StatusContext',
              context: 'sluice/gate',
              statusState: 'SUCCESS',
              isRequired: false,
              creator: { login: 'olga' },
            },
          ],
        },
      },
    });
  });

  test('shows a head that must not be behind as BEHIND, once nothing else blocks it', async () => {
    const { on, head, told } = await guarded({ requiredChecks: [{ context: 'build' }], strictChecks: true });
    const other = await on.branch('other', { 'b.txt': 'b\n' });
    await run(on, workflow(on), 'build', other, 'success');
    await on.app.rest.pulls.create({ ...on.at, head: 'other', base: 'main', title: 'Other' });
    await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: 2 });
    expect((await told()).data.repository?.pullRequest).toMatchObject({ mergeStateStatus: 'BLOCKED' });
    await run(on, workflow(on), 'build', head, 'success');
    expect((await told()).data.repository?.pullRequest).toMatchObject({ mergeStateStatus: 'BEHIND' });
  });

  test('shows the rules of the base with their parameters, as REST does', async () => {
    const { on } = await guarded({
      requiredChecks: [GATE, { context: 'build' }],
      strictChecks: true,
      requiredReviews: 2,
      mergeQueue: 'MERGE',
      noDeletion: true,
    });
    const { data, errors } = await ask(
      on,
      `{ ${REPO} { pullRequest(number: 1) { baseRef { name rules(first: 2) { totalCount pageInfo { hasNextPage } } all: rules(first: 100) { nodes { type parameters {
        ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context integrationId } }
        ... on PullRequestParameters { requiredApprovingReviewCount }
        ... on MergeQueueParameters { mergeMethod } } } } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.repository?.pullRequest).toEqual({
      baseRef: {
        name: 'main',
        rules: { totalCount: 4, pageInfo: { hasNextPage: true } },
        all: {
          nodes: [
            { type: 'DELETION', parameters: null },
            { type: 'PULL_REQUEST', parameters: { requiredApprovingReviewCount: 2 } },
            {
              type: 'REQUIRED_STATUS_CHECKS',
              parameters: {
                strictRequiredStatusChecksPolicy: true,
                requiredStatusChecks: [
                  { context: 'sluice/gate', integrationId: 7 },
                  { context: 'build', integrationId: null },
                ],
              },
            },
            { type: 'MERGE_QUEUE', parameters: { mergeMethod: 'MERGE' } },
          ],
        },
      },
    });
  });

  test('hides from a token the statuses or the check runs that it may not read, and nothing else', async () => {
    const { on, head, told } = await guarded({});
    await run(on, on.app, 'sluice/gate', head, 'success');
    await status(on, on.user('olga'), 'build', head, 'success');
    const token = on.twin.mintActionsToken({
      runId: 1,
      permissions: { contents: 'read', 'pull-requests': 'read', checks: 'read' },
    });
    const { data, errors } = await told(token);
    expect(errors).toMatchObject([{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }]);
    expect(data.repository?.pullRequest).toMatchObject({
      statusCheckRollup: { contexts: { totalCount: 2, nodes: [{ name: 'sluice/gate' }, null] } },
    });
  });
});

test('a suite is told of once everything in it has ended', async () => {
  const { on, head } = await guarded({});
  const heard: string[] = [];
  on.twin.onEvent((event) => void heard.push(`${event.name}.${String(event.payload.action)}`));
  const pending = await on.app.rest.checks.create({ ...on.at, name: 'a', head_sha: head, status: 'in_progress' });
  await run(on, on.app, 'b', head, 'success');
  expect(heard).not.toContain('check_suite.completed');
  await on.app.rest.checks.update({ ...on.at, check_run_id: pending.data.id, status: 'completed', conclusion: 'success' });
  expect(heard.filter((one) => one === 'check_suite.completed')).toHaveLength(1);
});
