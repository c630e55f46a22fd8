import { type Doer, recordEvent, tellIssue } from './events.ts';
import type { Issue } from './nouns.ts';
import type { World } from './world.ts';

const KEYWORD = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi;

/** Closes the issues that a text names with one of GitHub's closing words. */
export function closeMentioned(world: World, by: Doer, text: string): void {
  for (const [, number] of text.matchAll(KEYWORD)) {
    const issue = world.issues.get(Number(number));
    if (issue !== undefined && issue.pull === null && issue.state === 'open') closeIssue(world, by, issue, 'completed');
  }
}

export function closeIssue(world: World, by: Doer, issue: Issue, reason: 'completed' | 'not_planned' | 'duplicate' | null): void {
  issue.state = 'closed';
  issue.reason = reason;
  issue.closedAt = world.now();
  issue.closedBy = by.account;
  recordEvent(world, by, issue, 'closed', { state_reason: reason });
  tellIssue(world, by, 'closed', issue);
}

export function reopenIssue(world: World, by: Doer, issue: Issue): void {
  issue.state = 'open';
  issue.reason = issue.pull === null ? 'reopened' : null;
  issue.closedAt = null;
  issue.closedBy = null;
  recordEvent(world, by, issue, 'reopened', { state_reason: issue.reason });
  tellIssue(world, by, 'reopened', issue);
}
