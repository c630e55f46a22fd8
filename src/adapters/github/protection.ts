import { type CheckFact, GATE_CHECK, type ProtectionFacts } from '../../model/protection.ts';
import { parseReports, type Report, type SeenProtection } from '../../schema/github-protection.ts';
import { ACTOR } from './conversation.ts';
import type { GithubReads } from './reads.ts';

const reports = (after: string) => `statusCheckRollup { commit { oid } contexts(first: 100${after}) {
  totalCount pageInfo { hasNextPage endCursor } nodes { __typename
    ... on CheckRun { name status conclusion startedAt isRequired(pullRequestNumber: $number) checkSuite { app { databaseId slug } } }
    ... on StatusContext { context createdAt statusState: state isRequired(pullRequestNumber: $number) creator { login } }
  }
} }`;

/** What is read of an open pull request beside itself; `$number` is a variable of the query. */
export const PULL_PROTECTION = `
mergeable mergeStateStatus reviewDecision isMergeQueueEnabled mergeQueueEntry { enqueuer ${ACTOR} }
removals: timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) { nodes {
  ... on RemovedFromMergeQueueEvent { createdAt actor ${ACTOR} }
} }
baseRef { rules(first: 100) { totalCount nodes { parameters {
  ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context integrationId } }
} } } }
${reports('')}`;

const FURTHER = `
query($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { ${reports(', after: $after')} } }
}`;

/** A head with more reports than this is told as unknown. */
const MOST_PAGES = 20;

/** Everything that GitHub wants, once every page of what was reported is read. Throws when one is missing. */
export async function wholeProtection(
  reads: GithubReads,
  { number, headSha }: { readonly number: number; readonly headSha: string },
  { first, ...seen }: SeenProtection,
): Promise<ProtectionFacts> {
  const all = [...first.reports];
  let page = first;
  for (let count = 1; page.next !== null; count++) {
    if (count >= MOST_PAGES) throw new Error(`more than ${MOST_PAGES} pages of checks`);
    page = parseReports(await reads.query(FURTHER, { number, after: page.next }), headSha);
    all.push(...page.reports);
  }
  if (all.length !== page.total) throw new Error(`${all.length} of ${page.total} checks could be read`);
  const names = new Set([GATE_CHECK, ...seen.rules.map(({ name }) => name)].map((name) => name.toLowerCase()));
  return { ...seen, checks: newest(all).filter(({ name, required }) => required || names.has(name.toLowerCase())) };
}

/** A rerun replaces what the same App reported under the same name before; never what anybody else did. */
function newest(all: readonly Report[]): CheckFact[] {
  const kept = new Map<string, Report>();
  for (const report of all) {
    const key = [report.kind, report.appId ?? report.writer, report.name.toLowerCase()].join('\0');
    const known = kept.get(key);
    if (!known || !(Date.parse(known.at) > Date.parse(report.at))) kept.set(key, report);
  }
  return [...kept.values()].map(({ at: _, ...check }) => check);
}
