/** Who belongs to which team, and what it may do. */
export const TEAMS = /* GraphQL */ `
type Team implements Node {
  id: ID!
  databaseId: Int
  slug: String!
  name: String!
  combinedSlug: String!
  privacy: TeamPrivacy!
  organization: Organization!
  parentTeam: Team
  members(after: String, before: String, first: Int, last: Int, membership: TeamMembershipType = ALL, orderBy: TeamMemberOrder, query: String, role: TeamMemberRole): TeamMemberConnection!
  repositories(after: String, before: String, first: Int, last: Int, orderBy: TeamRepositoryOrder, query: String): TeamRepositoryConnection!
}
enum TeamPrivacy { SECRET VISIBLE }
enum TeamMembershipType { ALL CHILD_TEAM IMMEDIATE }
enum TeamMemberRole { MAINTAINER MEMBER }
enum TeamMemberOrderField { CREATED_AT LOGIN }
input TeamMemberOrder { direction: OrderDirection! field: TeamMemberOrderField! }
type TeamMemberConnection { totalCount: Int! pageInfo: PageInfo! nodes: [User] edges: [TeamMemberEdge] }
type TeamMemberEdge { cursor: String! memberAccessResourcePath: URI! memberAccessUrl: URI! node: User! role: TeamMemberRole! }

enum RepositoryPermission { ADMIN MAINTAIN READ TRIAGE WRITE }
enum TeamRepositoryOrderField { CREATED_AT NAME PERMISSION PUSHED_AT STARGAZERS UPDATED_AT }
input TeamRepositoryOrder { direction: OrderDirection! field: TeamRepositoryOrderField! }
type TeamRepositoryConnection { totalCount: Int! pageInfo: PageInfo! nodes: [Repository] edges: [TeamRepositoryEdge] }
type TeamRepositoryEdge { cursor: String! node: Repository! permission: RepositoryPermission! }
`;
