/** Issues, pull requests, and what is said and done on them. */
export const THREADS = /* GraphQL */ `
enum IssueState { CLOSED OPEN }
enum IssueStateReason { COMPLETED DUPLICATE NOT_PLANNED REOPENED }
type Issue implements Node {
  id: ID!
  databaseId: Int
  number: Int!
  title: String!
  body: String!
  state: IssueState!
  stateReason(enableDuplicate: Boolean = false): IssueStateReason
  author: Actor
  createdAt: DateTime!
  updatedAt: DateTime!
  closedAt: DateTime
  comments(after: String, before: String, first: Int, last: Int): IssueCommentConnection!
  timelineItems(after: String, before: String, first: Int, itemTypes: [IssueTimelineItemsItemType!], last: Int, since: DateTime, skip: Int): IssueTimelineItemsConnection!
}

type IssueCommentConnection { totalCount: Int! pageInfo: PageInfo! nodes: [IssueComment] edges: [IssueCommentEdge] }
type IssueCommentEdge { cursor: String! node: IssueComment }
type IssueComment implements Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  author: Actor
  editor: Actor
  body: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  lastEditedAt: DateTime
  includesCreatedEdit: Boolean!
  createdViaEmail: Boolean!
  isMinimized: Boolean!
  url: URI!
  userContentEdits(after: String, before: String, first: Int, last: Int): UserContentEditConnection
}
type UserContentEditConnection { totalCount: Int! pageInfo: PageInfo! nodes: [UserContentEdit] edges: [UserContentEditEdge] }
type UserContentEditEdge { cursor: String! node: UserContentEdit }
type UserContentEdit implements Node {
  id: ID!
  createdAt: DateTime!
  deletedAt: DateTime
  deletedBy: Actor
  diff: String
  editedAt: DateTime!
  editor: Actor
  updatedAt: DateTime!
}

enum PullRequestState { CLOSED MERGED OPEN }
enum MergeableState { CONFLICTING MERGEABLE UNKNOWN }
enum PullRequestReviewDecision { APPROVED CHANGES_REQUESTED REVIEW_REQUIRED }
enum PullRequestMergeMethod { MERGE REBASE SQUASH }
type PullRequest implements Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  number: Int!
  title: String!
  body: String!
  state: PullRequestState!
  isDraft: Boolean!
  isInMergeQueue: Boolean!
  isMergeQueueEnabled: Boolean!
  mergeQueue: MergeQueue
  mergeQueueEntry: MergeQueueEntry
  merged: Boolean!
  mergedAt: DateTime
  mergedBy: Actor
  mergeCommit: Commit
  mergeable: MergeableState!
  mergeStateStatus: MergeStateStatus!
  statusCheckRollup: StatusCheckRollup
  reviewDecision: PullRequestReviewDecision
  headRefName: String!
  headRefOid: GitObjectID!
  baseRef: Ref
  baseRefName: String!
  baseRefOid: GitObjectID!
  isCrossRepository: Boolean!
  baseRepository: Repository
  headRepository: Repository
  author: Actor
  createdAt: DateTime!
  updatedAt: DateTime!
  closedAt: DateTime
  comments(after: String, before: String, first: Int, last: Int): IssueCommentConnection!
  commits(after: String, before: String, first: Int, last: Int): PullRequestCommitConnection!
  timelineItems(after: String, before: String, first: Int, itemTypes: [PullRequestTimelineItemsItemType!], last: Int, since: DateTime, skip: Int): PullRequestTimelineItemsConnection!
}

type PullRequestCommitConnection { totalCount: Int! pageInfo: PageInfo! nodes: [PullRequestCommit] }
type PullRequestCommit implements Node { id: ID! commit: Commit! pullRequest: PullRequest! }
enum IssueTimelineItemsItemType { CLOSED_EVENT COMMENT_DELETED_EVENT ISSUE_COMMENT LABELED_EVENT RENAMED_TITLE_EVENT REOPENED_EVENT UNLABELED_EVENT }
union IssueTimelineItems = ClosedEvent | CommentDeletedEvent | IssueComment | LabeledEvent | RenamedTitleEvent | ReopenedEvent | UnlabeledEvent
type IssueTimelineItemsConnection { totalCount: Int! filteredCount: Int! pageCount: Int! pageInfo: PageInfo! nodes: [IssueTimelineItems] updatedAt: DateTime! }

enum PullRequestTimelineItemsItemType {
  ADDED_TO_MERGE_QUEUE_EVENT
  BASE_REF_CHANGED_EVENT
  CLOSED_EVENT
  COMMENT_DELETED_EVENT
  CONVERT_TO_DRAFT_EVENT
  HEAD_REF_FORCE_PUSHED_EVENT
  ISSUE_COMMENT
  LABELED_EVENT
  MERGED_EVENT
  PULL_REQUEST_COMMIT
  READY_FOR_REVIEW_EVENT
  REMOVED_FROM_MERGE_QUEUE_EVENT
  RENAMED_TITLE_EVENT
  REOPENED_EVENT
  UNLABELED_EVENT
}
union PullRequestTimelineItems = AddedToMergeQueueEvent | BaseRefChangedEvent | ClosedEvent | CommentDeletedEvent | ConvertToDraftEvent | HeadRefForcePushedEvent | IssueComment | LabeledEvent | MergedEvent | PullRequestCommit | ReadyForReviewEvent | RemovedFromMergeQueueEvent | RenamedTitleEvent | ReopenedEvent | UnlabeledEvent
type PullRequestTimelineItemsConnection { totalCount: Int! filteredCount: Int! pageCount: Int! pageInfo: PageInfo! nodes: [PullRequestTimelineItems] updatedAt: DateTime! }

type CommentDeletedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! databaseId: Int deletedCommentAuthor: Actor }
type BaseRefChangedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! databaseId: Int currentRefName: String! previousRefName: String! }
type HeadRefForcePushedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! afterCommit: Commit beforeCommit: Commit }
type RenamedTitleEvent implements Node { id: ID! actor: Actor createdAt: DateTime! currentTitle: String! previousTitle: String! }
type ClosedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! }
type ReopenedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! }
type MergedEvent implements Node { id: ID! actor: Actor createdAt: DateTime! commit: Commit mergeRefName: String! }
type ReadyForReviewEvent implements Node { id: ID! actor: Actor createdAt: DateTime! }
type ConvertToDraftEvent implements Node { id: ID! actor: Actor createdAt: DateTime! }
type LabeledEvent implements Node { id: ID! actor: Actor createdAt: DateTime! label: Label! }
type UnlabeledEvent implements Node { id: ID! actor: Actor createdAt: DateTime! label: Label! }
type Label { name: String! color: String! }
`;
