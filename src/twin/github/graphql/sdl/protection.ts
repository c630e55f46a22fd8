/** What a base branch asks of a pull request, and what was reported on its head. */
export const PROTECTION = /* GraphQL */ `
enum MergeStateStatus { BEHIND BLOCKED CLEAN DIRTY DRAFT HAS_HOOKS UNKNOWN UNSTABLE }
enum StatusState { ERROR EXPECTED FAILURE PENDING SUCCESS }
enum CheckStatusState { COMPLETED IN_PROGRESS PENDING QUEUED REQUESTED WAITING }
enum CheckConclusionState { ACTION_REQUIRED CANCELLED FAILURE NEUTRAL SKIPPED STALE STARTUP_FAILURE SUCCESS TIMED_OUT }

interface RequirableByPullRequest { isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean! }
type StatusCheckRollup implements Node {
  id: ID!
  commit: Commit
  state: StatusState!
  contexts(after: String, before: String, first: Int, last: Int): StatusCheckRollupContextConnection!
}
union StatusCheckRollupContext = CheckRun | StatusContext
type StatusCheckRollupContextConnection { totalCount: Int! pageInfo: PageInfo! nodes: [StatusCheckRollupContext] edges: [StatusCheckRollupContextEdge] }
type StatusCheckRollupContextEdge { cursor: String! node: StatusCheckRollupContext }
type CheckRun implements Node & RequirableByPullRequest {
  id: ID!
  name: String!
  status: CheckStatusState!
  conclusion: CheckConclusionState
  startedAt: DateTime
  completedAt: DateTime
  externalId: String
  title: String
  checkSuite: CheckSuite!
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}
type CheckSuite implements Node { id: ID! app: App commit: Commit! }
type App implements Node { id: ID! databaseId: Int name: String! slug: String! }
type StatusContext implements Node & RequirableByPullRequest {
  id: ID!
  context: String!
  state: StatusState!
  description: String
  createdAt: DateTime!
  creator: Actor
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}

enum RepositoryRuleType { DELETION MERGE_QUEUE NON_FAST_FORWARD PULL_REQUEST REQUIRED_LINEAR_HISTORY REQUIRED_STATUS_CHECKS }
enum RepositoryRuleOrderField { CREATED_AT TYPE UPDATED_AT }
input RepositoryRuleOrder { direction: OrderDirection! field: RepositoryRuleOrderField! }
type RepositoryRuleConnection { totalCount: Int! pageInfo: PageInfo! nodes: [RepositoryRule] edges: [RepositoryRuleEdge] }
type RepositoryRuleEdge { cursor: String! node: RepositoryRule }
type RepositoryRule implements Node { id: ID! type: RepositoryRuleType! parameters: RuleParameters }
union RuleParameters = MergeQueueParameters | PullRequestParameters | RequiredStatusChecksParameters
type RequiredStatusChecksParameters {
  doNotEnforceOnCreate: Boolean!
  requiredStatusChecks: [StatusCheckConfiguration!]!
  strictRequiredStatusChecksPolicy: Boolean!
}
type StatusCheckConfiguration { context: String! integrationId: Int }
type PullRequestParameters {
  allowedMergeMethods: [String!]
  dismissStaleReviewsOnPush: Boolean!
  requireCodeOwnerReview: Boolean!
  requireLastPushApproval: Boolean!
  requiredApprovingReviewCount: Int!
  requiredReviewThreadResolution: Boolean!
}
enum MergeQueueGroupingStrategy { ALLGREEN HEADGREEN }
enum MergeQueueMergeMethod { MERGE REBASE SQUASH }
type MergeQueueParameters {
  checkResponseTimeoutMinutes: Int!
  groupingStrategy: MergeQueueGroupingStrategy!
  maxEntriesToBuild: Int!
  maxEntriesToMerge: Int!
  mergeMethod: MergeQueueMergeMethod!
  minEntriesToMerge: Int!
  minEntriesToMergeWaitMinutes: Int!
}
`;
