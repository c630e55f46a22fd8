import type { Comment, Issue, Version } from '../nouns.ts';
import { nodeId } from '../shapes/account.ts';
import { pageUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';
import { actorNode } from './commit.ts';
import { connection, type Slice } from './connection.ts';

export function commentNode(world: World, issue: Issue, comment: Comment) {
  return {
    __typename: 'IssueComment',
    id: nodeId('IC', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: actorNode(world, comment.author),
    editor: actorNode(world, comment.editor),
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.editedAt,
    includesCreatedEdit: comment.editedAt !== null,
    createdViaEmail: false,
    isMinimized: false,
    url: `${pageUrl(world)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}#issuecomment-${comment.id}`,
    userContentEdits: (slice: Slice) => connection(comment.versions.toReversed(), slice, (one) => editNode(world, one)),
  };
}

/** GitHub calls it `diff`, and it holds the whole text of that version. */
function editNode(world: World, version: Version) {
  return {
    __typename: 'UserContentEdit',
    id: nodeId('UCE', version.id),
    createdAt: version.at,
    editedAt: version.at,
    updatedAt: version.at,
    editor: actorNode(world, version.editor),
    diff: version.body,
    deletedAt: null,
    deletedBy: null,
  };
}
