/** A subset of GitHub's GraphQL schema; a test holds it against @octokit/graphql-schema. */
export const SDL = /* GraphQL */ `
scalar DateTime
scalar URI
scalar BigInt
scalar GitObjectID
scalar GitTimestamp

interface Node { id: ID! }

interface Actor { login: String! url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type User implements Actor & Node { id: ID! login: String! databaseId: Int name: String url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type Bot implements Actor & Node { id: ID! login: String! databaseId: Int url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type Organization implements Actor & Node { id: ID! login: String! databaseId: Int url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

type Query {
  repository(followRenames: Boolean = true, name: String!, owner: String!): Repository
  node(id: ID!): Node
}

type Repository implements Node {
  id: ID!
  databaseId: Int
  name: String!
  nameWithOwner: String!
  issue(number: Int!): Issue
  pullRequest(number: Int!): PullRequest
  issueOrPullRequest(number: Int!): IssueOrPullRequest
}
union IssueOrPullRequest = Issue | PullRequest

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
  merged: Boolean!
  mergedAt: DateTime
  mergedBy: Actor
  mergeCommit: Commit
  mergeable: MergeableState!
  reviewDecision: PullRequestReviewDecision
  headRefName: String!
  headRefOid: GitObjectID!
  baseRefName: String!
  baseRefOid: GitObjectID!
  isCrossRepository: Boolean!
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
type Commit implements Node {
  id: ID!
  oid: GitObjectID!
  abbreviatedOid: String!
  message: String!
  messageHeadline: String!
  author: GitActor
  committer: GitActor
  authors(after: String, before: String, first: Int, last: Int): GitActorConnection!
  authoredDate: DateTime!
  committedDate: DateTime!
  parents(after: String, before: String, first: Int, last: Int): CommitConnection!
}
type CommitConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Commit] }
type GitActor { name: String email: String date: GitTimestamp user: User }
type GitActorConnection { totalCount: Int! pageInfo: PageInfo! nodes: [GitActor] }

enum IssueTimelineItemsItemType { CLOSED_EVENT COMMENT_DELETED_EVENT ISSUE_COMMENT LABELED_EVENT RENAMED_TITLE_EVENT REOPENED_EVENT UNLABELED_EVENT }
union IssueTimelineItems = ClosedEvent | CommentDeletedEvent | IssueComment | LabeledEvent | RenamedTitleEvent | ReopenedEvent | UnlabeledEvent
type IssueTimelineItemsConnection { totalCount: Int! filteredCount: Int! pageCount: Int! pageInfo: PageInfo! nodes: [IssueTimelineItems] updatedAt: DateTime! }

enum PullRequestTimelineItemsItemType {
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
  RENAMED_TITLE_EVENT
  REOPENED_EVENT
  UNLABELED_EVENT
}
union PullRequestTimelineItems = BaseRefChangedEvent | ClosedEvent | CommentDeletedEvent | ConvertToDraftEvent | HeadRefForcePushedEvent | IssueComment | LabeledEvent | MergedEvent | PullRequestCommit | ReadyForReviewEvent | RenamedTitleEvent | ReopenedEvent | UnlabeledEvent
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

type Mutation {
  markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): MarkPullRequestReadyForReviewPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
  enablePullRequestAutoMerge(input: EnablePullRequestAutoMergeInput!): EnablePullRequestAutoMergePayload
  enqueuePullRequest(input: EnqueuePullRequestInput!): EnqueuePullRequestPayload
}
input MarkPullRequestReadyForReviewInput { clientMutationId: String pullRequestId: ID! }
type MarkPullRequestReadyForReviewPayload { clientMutationId: String pullRequest: PullRequest }
input ConvertPullRequestToDraftInput { clientMutationId: String pullRequestId: ID! }
type ConvertPullRequestToDraftPayload { clientMutationId: String pullRequest: PullRequest }
input EnablePullRequestAutoMergeInput {
  authorEmail: String
  clientMutationId: String
  commitBody: String
  commitHeadline: String
  expectedHeadOid: GitObjectID
  mergeMethod: PullRequestMergeMethod = MERGE
  pullRequestId: ID!
}
type EnablePullRequestAutoMergePayload { actor: Actor clientMutationId: String pullRequest: PullRequest }
input EnqueuePullRequestInput { clientMutationId: String expectedHeadOid: GitObjectID jump: Boolean pullRequestId: ID! }
type EnqueuePullRequestPayload { clientMutationId: String mergeQueueEntry: MergeQueueEntry }
type MergeQueueEntry implements Node { id: ID! enqueuedAt: DateTime! position: Int! pullRequest: PullRequest }
`;
