import type { Reason, ReasonCode } from '../model/reason.ts';

const UNREAD: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'facts_unavailable',
  'config_unreadable',
  'team_unreadable',
  'files_incomplete',
  'check_unknown',
]);

/** Whether a reason says that something could not be read: it is asked again, because no event tells when it can be. */
export function isUnread({ code }: Reason): boolean {
  return UNREAD.has(code);
}
