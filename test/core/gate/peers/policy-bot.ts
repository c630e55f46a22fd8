import { known, unknown } from '../../../../src/model/known.ts';
import { approval, HEAD, olga, omar, record, wendy } from '../../../support/gate.ts';
import type { Row } from './row.ts';
import { approved, checked, committedBy, filesIn, mergedBaseSince, pushedSince, said, stranger } from './worlds.ts';

const both = '/jobs/ @olga @wendy\n';

export const policyBot: readonly Row[] = [
  { scenario: 'noApprovalRequired', world: { codeowners: '# nobody\n', comments: [] }, ours: 'deny owners_missing' },
  { scenario: 'singleApprovalRequired', world: { comments: approved(stranger) }, ours: 'wait approval_not_owner' },
  {
    scenario: 'authorCannotApprove',
    world: { pull: { author: olga }, comments: approved(olga, omar) },
    ours: 'allow',
    counted: ['omar'],
  },
  { scenario: 'authorCanApprove', world: { pull: { author: olga }, comments: approved(olga) }, ours: 'wait approval_self' },
  {
    scenario: 'contributorsCannotApprove',
    world: { codeowners: both, change: committedBy(olga), comments: approved(olga, wendy) },
    ours: 'allow',
    counted: ['wendy'],
  },
  { scenario: 'contributorsIncludingAuthorCanApprove', world: { change: committedBy(olga) }, ours: 'wait approval_committer' },
  { scenario: 'contributorsExcludingAuthorCanApprove', world: { change: committedBy(olga) }, ours: 'wait approval_committer' },
  { scenario: 'nonAuthorContributorsAndAuthorCanApprove', world: { pull: { author: olga } }, ours: 'wait approval_self' },
  { scenario: 'contributorsAndAuthorCanApprove', world: { pull: { author: olga } }, ours: 'wait approval_self' },
  { scenario: 'specificUserApproves', world: { codeowners: '/jobs/ @olga\n' }, ours: 'allow', counted: ['olga'] },
  {
    scenario: 'specificUserApproves; a user who does not exist',
    world: { codeowners: '/jobs/ @nobody\n', followUp: { people: { nobody: known(null) } } },
    ours: 'deny owners_unreadable',
  },
  {
    scenario: 'specificOrgApproves',
    world: { codeowners: '/jobs/ @acme/data\n', comments: approved(omar) },
    ours: 'allow',
    counted: ['omar'],
  },
  {
    scenario: 'specificOrgApproves; organisations that do not exist',
    world: { codeowners: '/jobs/ @acme/none\n', followUp: { teams: { 'acme/none': known(null) } } },
    ours: 'deny team_missing',
  },
  {
    scenario: 'specificOrgsOrUserApproves',
    world: { record: record({ risk: 'high' }), comments: approved(olga, omar) },
    ours: 'allow',
    counted: ['olga', 'omar'],
  },
  { scenario: 'invalidateCommentOnPush', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'ignoreUpdateMergeAfterReview', world: mergedBaseSince(), ours: 'allow', counted: ['olga'] },
  {
    scenario: 'ignoreUpdateMergeContributor',
    world: { change: { commits: known([{ sha: HEAD, parents: [], people: [olga], mergesBase: true }]) } },
    ours: 'allow',
    counted: ['olga'],
  },
  { scenario: 'ignoreCommits', world: { change: committedBy(olga) }, ours: 'wait approval_committer' },
  { scenario: 'ignoreCommitsMixedAuthorCommiter', world: { change: committedBy(olga, omar) }, ours: 'wait approval_committer' },
  { scenario: 'ignoreCommitsInvalidateOnPush', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'ignoreCommitsInvalidateOnPushBatches', world: pushedSince(), ours: 'wait approval_stale' },
  {
    scenario: 'ignoreEditedComments',
    world: { comments: [approval({ lastEditedAt: '2026-11-23T03:31:00Z' })] },
    ours: 'wait approval_edited',
  },
  {
    scenario: 'conditionsRequiredStatusPending',
    world: { protection: { rules: [{ name: 'deploy', appId: null }] } },
    ours: 'wait check_unknown',
  },
  { scenario: 'conditionsRequiredStatusSuccess', world: { ...checked({}), comments: [] }, ours: 'wait approval_missing' },
  {
    scenario: 'conditionsRequiredStatusAndMissingApproval',
    world: { ...checked({}), comments: [] },
    ours: 'wait approval_missing',
  },
  {
    scenario: 'conditionsRequiredStatusAndOrgApproval',
    world: { ...checked({}), comments: approved(omar) },
    ours: 'allow',
    counted: ['omar'],
  },
  { scenario: 'skippedWithNoRequires', world: {}, ours: 'allow' },
  { scenario: 'singleUserDisapproves', world: { comments: [...approved(olga), ...said([omar, '/hold'])] }, ours: 'wait hold' },
  {
    scenario: 'singleUserDisapprovesAndRevokes',
    world: { comments: said([olga, `/approve ${HEAD}`], [omar, '/hold'], [omar, '/retry']) },
    ours: 'allow',
  },
  {
    scenario: 'multipleUsersDisapprove',
    world: { comments: said([olga, `/approve ${HEAD}`], [omar, '/hold'], [wendy, '/hold']) },
    ours: 'wait hold',
  },
  {
    scenario: 'otherUserRevokes',
    world: { comments: said([olga, `/approve ${HEAD}`], [omar, '/hold'], [wendy, '/retry']) },
    ours: 'wait hold',
  },
  {
    scenario: 'singleUserDisapprovesWithReview',
    world: { protection: { review: 'changes_requested' } },
    ours: 'wait github_review_missing',
  },
  {
    scenario: 'reviewsInteractWithComments',
    world: {
      protection: { review: 'changes_requested' },
      comments: said([olga, `/approve ${HEAD}`], [omar, '/hold'], [omar, '/retry']),
    },
    ours: 'wait github_review_missing',
  },
  { scenario: 'disapprovalWins', world: { comments: said([olga, `/approve ${HEAD}`], [wendy, '/hold']) }, ours: 'wait hold' },
  { scenario: 'approvalWinsByDefault', world: {}, ours: 'allow' },
  { scenario: 'propagateError', world: { change: { comments: unknown('the wire broke') } }, ours: 'wait facts_unavailable' },
  { scenario: 'TestAndRequirement', world: { ...filesIn('docs'), comments: approved(olga) }, ours: 'wait approval_missing' },
  { scenario: 'TestOrRequirement', world: { codeowners: both, comments: approved(wendy) }, ours: 'allow', counted: ['wendy'] },
];
