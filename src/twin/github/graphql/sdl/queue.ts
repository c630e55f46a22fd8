/** The merge queue of a branch. */
export const QUEUE = /* GraphQL */ `
enum MergeQueueEntryState { AWAITING_CHECKS LOCKED MERGEABLE QUEUED UNMERGEABLE }
type MergeQueue implements Node {
  id: ID!
  entries(after: String, before: String, first: Int, last: Int): MergeQueueEntryConnection
  repository: Repository
  resourcePath: URI!
  url: URI!
}
type MergeQueueEntryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [MergeQueueEntry] edges: [MergeQueueEntryEdge] }
type MergeQueueEntryEdge { cursor: String! node: MergeQueueEntry }
type MergeQueueEntry implements Node {
  id: ID!
  baseCommit: Commit
  headCommit: Commit
  enqueuedAt: DateTime!
  enqueuer: Actor!
  jump: Boolean!
  mergeQueue: MergeQueue
  position: Int!
  pullRequest: PullRequest
  solo: Boolean!
  state: MergeQueueEntryState!
}
type AddedToMergeQueueEvent implements Node { id: ID! actor: Actor createdAt: DateTime! enqueuer: User pullRequest: PullRequest }
type RemovedFromMergeQueueEvent implements Node { id: ID! actor: Actor createdAt: DateTime! reason: String pullRequest: PullRequest }
`;
