/** What lies in the git repository. */
export const OBJECTS = /* GraphQL */ `
type Ref implements Node {
  id: ID!
  name: String!
  prefix: String!
  target: GitObject
  repository: Repository!
  rules(after: String, before: String, first: Int, last: Int, orderBy: RepositoryRuleOrder = {field: UPDATED_AT, direction: DESC}): RepositoryRuleConnection
}

interface GitObject { id: ID! oid: GitObjectID! abbreviatedOid: String! commitResourcePath: URI! commitUrl: URI! repository: Repository! }
type Blob implements GitObject & Node {
  id: ID!
  oid: GitObjectID!
  abbreviatedOid: String!
  commitResourcePath: URI!
  commitUrl: URI!
  repository: Repository!
  byteSize: Int!
  isBinary: Boolean
  isTruncated: Boolean!
  text: String
}
type Tree implements GitObject & Node {
  id: ID!
  oid: GitObjectID!
  abbreviatedOid: String!
  commitResourcePath: URI!
  commitUrl: URI!
  repository: Repository!
  entries: [TreeEntry!]
}
type TreeEntry {
  name: String!
  nameRaw: Base64String!
  path: String
  pathRaw: Base64String
  mode: Int!
  oid: GitObjectID!
  type: String!
  extension: String
  size: Int!
  object: GitObject
  repository: Repository!
}

type Commit implements GitObject & Node {
  id: ID!
  oid: GitObjectID!
  abbreviatedOid: String!
  commitResourcePath: URI!
  commitUrl: URI!
  repository: Repository!
  url: URI!
  message: String!
  messageHeadline: String!
  author: GitActor
  committer: GitActor
  authors(after: String, before: String, first: Int, last: Int): GitActorConnection!
  authoredDate: DateTime!
  committedDate: DateTime!
  parents(after: String, before: String, first: Int, last: Int): CommitConnection!
  tree: Tree!
  treeUrl: URI!
  file(path: String!): TreeEntry
  history(after: String, author: CommitAuthor, before: String, first: Int, last: Int, path: String, since: GitTimestamp, until: GitTimestamp): CommitHistoryConnection!
  associatedPullRequests(after: String, before: String, first: Int, last: Int, orderBy: PullRequestOrder = {field: CREATED_AT, direction: ASC}): PullRequestConnection
}
type CommitConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Commit] edges: [CommitEdge] }
type CommitHistoryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Commit] edges: [CommitEdge] }
type CommitEdge { cursor: String! node: Commit }
input CommitAuthor { emails: [String!] id: ID }
type GitActor { name: String email: String date: GitTimestamp user: User }
type GitActorConnection { totalCount: Int! pageInfo: PageInfo! nodes: [GitActor] }

type PullRequestConnection { totalCount: Int! pageInfo: PageInfo! nodes: [PullRequest] edges: [PullRequestEdge] }
type PullRequestEdge { cursor: String! node: PullRequest }
enum OrderDirection { ASC DESC }
enum PullRequestOrderField { CREATED_AT UPDATED_AT }
input PullRequestOrder { direction: OrderDirection! field: PullRequestOrderField! }
`;
