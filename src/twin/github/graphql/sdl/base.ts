/** The roots, and what everything else is named by. */
export const BASE = /* GraphQL */ `
scalar DateTime
scalar URI
scalar BigInt
scalar Base64String
scalar GitObjectID
scalar GitTimestamp

interface Node { id: ID! }

interface Actor { login: String! url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type User implements Actor & Node { id: ID! login: String! databaseId: Int name: String url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type Bot implements Actor & Node { id: ID! login: String! databaseId: Int url: URI! resourcePath: URI! avatarUrl(size: Int): URI! }
type Organization implements Actor & Node {
  id: ID!
  login: String!
  databaseId: Int
  url: URI!
  resourcePath: URI!
  avatarUrl(size: Int): URI!
  team(slug: String!): Team
}

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

type Query {
  repository(followRenames: Boolean = true, name: String!, owner: String!): Repository
  organization(login: String!): Organization
  node(id: ID!): Node
}

type Repository implements Node {
  id: ID!
  databaseId: Int
  name: String!
  nameWithOwner: String!
  defaultBranchRef: Ref
  ref(qualifiedName: String!): Ref
  object(expression: String, oid: GitObjectID): GitObject
  mergeQueue(branch: String): MergeQueue
  issue(number: Int!): Issue
  pullRequest(number: Int!): PullRequest
  issueOrPullRequest(number: Int!): IssueOrPullRequest
}
union IssueOrPullRequest = Issue | PullRequest
`;
