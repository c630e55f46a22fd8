import { known } from '../../../../src/model/known.ts';
import { approval, bot, HEAD, olga, omar, wendy } from '../../../support/gate.ts';
import type { Row } from './row.ts';
import { approved, filesIn, pushedSince, said, stranger } from './worlds.ts';

const taken = said([olga, `/approve ${HEAD}`], [olga, '/unapprove']);
/** The job's owner is olga, those of two more folders are omar and wendy; the root is omar's. */
const three = { ...filesIn('b', 'c'), codeowners: '* @omar\n/jobs/ @olga\n/b/ @omar\n/c/ @wendy\n' };
/** Olga owns both folders, omar one of them. */
const two = { ...filesIn('b'), codeowners: '/jobs/ @olga @omar\n/b/ @olga\n' };

export const prow: readonly Row[] = [
  { scenario: 'initial notification (approved)', world: { pull: { author: olga }, comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'initial notification (unapproved)', world: { comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'no-issue comment', world: { comments: said([olga, 'stuff\n/approve no-issue']) }, ours: 'wait approval_missing' },
  {
    scenario: 'non-implicit self approve no-issue',
    world: { pull: { author: olga }, comments: approved(olga) },
    ours: 'wait approval_self',
  },
  { scenario: 'remove approval with /approve cancel', world: { comments: taken }, ours: 'wait approval_missing' },
  {
    scenario: 'remove approval with /approve cancel; in those words',
    world: { comments: said([olga, `/approve ${HEAD}`], [olga, '/approve cancel']) },
    ours: 'allow',
  },
  { scenario: 'remove approval with remove-approve', world: { comments: taken }, ours: 'wait approval_missing' },
  { scenario: 'remove approval after sync', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'up to date, poked by pr sync', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'out of date, poked by pr sync', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'human added approve', world: { comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'lgtm means approve', world: { comments: said([olga, '/lgtm']) }, ours: 'wait approval_missing' },
  { scenario: 'lgtm does not mean approve', world: { comments: said([olga, '/lgtm']) }, ours: 'wait approval_missing' },
  {
    scenario: 'different branch, initial notification (approved)',
    world: { pull: { baseRef: 'dev' } },
    ours: 'deny target_mismatch',
  },
  {
    scenario: 'Approved because of AutoApproveUnownedSubfolders:',
    world: { codeowners: '/other/ @olga\n', comments: [] },
    ours: 'deny owners_missing',
  },
  { scenario: 'valid approve command', world: {}, ours: 'allow', counted: ['olga'] },
  {
    scenario: 'not comment created',
    world: { comments: [approval({ lastEditedAt: '2026-11-23T03:31:00Z' })] },
    ours: 'wait approval_edited',
  },
  { scenario: 'closed PR', world: { pull: { state: 'closed' } }, ours: 'deny superseded' },
  { scenario: 'no approve command', world: { comments: said([olga, 'looks good']) }, ours: 'wait approval_missing' },
  { scenario: 'GitHub App bot approved review is ignored', world: { comments: approved(bot) }, ours: 'wait approval_bot' },
  { scenario: 'Empty PR', world: { record: null, change: { delta: known([]) }, comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'Single Root File PR Approved', world: { codeowners: '* @olga\n' }, ours: 'allow', counted: ['olga'] },
  {
    scenario: 'Single Root File PR No One Approved',
    world: { codeowners: '* @olga\n', comments: [] },
    ours: 'wait approval_missing',
  },
  {
    scenario: 'B Files Approved at Root',
    world: { codeowners: '* @omar\n/jobs/ @olga\n', comments: approved(omar) },
    ours: 'wait approval_not_owner',
  },
  { scenario: 'B Only UnApproved', world: { comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'Combo and Other; Neither Approved', world: { ...two, comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'Combo and Other; Combo Approved', world: { ...two, comments: approved(omar) }, ours: 'wait approval_missing' },
  { scenario: 'Combo and Other; Both Approved', world: { ...two, comments: approved(olga) }, ours: 'allow', counted: ['olga'] },
  { scenario: 'A, B, C; Nothing Approved', world: { ...three, comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'A, B, C; Partially Approved', world: { ...three, comments: approved(olga, omar) }, ours: 'wait approval_missing' },
  { scenario: 'A, B, C; Approved At the Root', world: { ...three, comments: approved(omar) }, ours: 'wait approval_missing' },
  {
    scenario: 'A, B, C; Approved At the Leaves',
    world: { ...three, comments: approved(olga, omar, wendy) },
    ours: 'allow',
    counted: ['olga', 'omar', 'wendy'],
  },
  {
    scenario: 'File in folder with AutoApproveUnownedSubfolders does not get approved',
    world: { comments: [] },
    ours: 'wait approval_missing',
  },
  {
    scenario: 'Subfolder in folder with AutoApproveUnownedSubfolders gets approved',
    world: { codeowners: '/jobs/* @olga\n/jobs/orders-nightly.json\n', comments: [] },
    ours: 'deny owners_missing',
  },
  {
    scenario: 'Subfolder in folder with AutoApproveUnownedSubfolders and other unapproved file does not get approved',
    world: { ...filesIn('b'), codeowners: '/jobs/ @olga\n', comments: [] },
    ours: 'deny owners_missing',
  },
  {
    scenario: 'Subfolder in folder with AutoApproveUnownedSubfolders and approved file, approved',
    world: { ...filesIn('b'), codeowners: '/jobs/ @olga\n' },
    ours: 'deny owners_missing',
  },
  {
    scenario: 'Change in folder with Owners whose parent has AutoApproveUnownedSubfolders does not get approved',
    world: { codeowners: '/jobs/ @olga\n', comments: approved(stranger) },
    ours: 'wait approval_not_owner',
  },
  { scenario: 'No approvers', world: { codeowners: '* @olga\n', comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'Approvers approves some', world: { ...three, comments: approved(wendy) }, ours: 'wait approval_missing' },
  { scenario: 'Multiple approvers', world: { ...three, comments: approved(omar, wendy) }, ours: 'wait approval_missing' },
  {
    scenario: 'Case-insensitive approvers',
    world: { codeowners: '/jobs/ @OLGA\n', followUp: { people: { OLGA: known({ person: olga, permission: 'write' }) } } },
    ours: 'allow',
    counted: ['olga'],
  },
];
