import type { GateFacts } from '../model/gate.ts';
import { commandsIn } from './gate/spoken.ts';
import { calendarChange } from './window.ts';

/**
 * The first instant (ISO 8601) after these facts were read at which the gate may answer otherwise though nothing happens: a window or freeze begins
 * or ends, an approval or the proposal grows too old. Null: time alone changes nothing.
 */
export function changesByTimeAt(facts: GateFacts): string | null {
  const { now } = facts.live;
  const policies = facts.change.policies.flatMap(({ config }) => (config.known ? [config.value] : []));
  const calendar = policies.map(({ windows, freezes }) => calendarChange(windows, freezes, now));
  const ages = policies.flatMap(({ approvals }) => approvedAt(facts).map((at) => hoursAfter(at, approvals.expireAfterHours)));
  const record = facts.followUp.record.known ? facts.followUp.record.value : null;
  const instants = [...calendar, ...ages, record?.record.expires_at ?? null].flatMap((at) =>
    at === null ? [] : [Date.parse(at)],
  );
  const later = instants.filter((at) => at > Date.parse(now));
  return later.length > 0 ? new Date(Math.min(...later)).toISOString() : null;
}

/** Every `/approve`, counted or not: one that is not may stand in for nothing, and costs one more look. */
function approvedAt({ change: { comments } }: GateFacts): readonly string[] {
  const said = comments.known ? commandsIn(comments.value) : [];
  return said.filter(({ command }) => command.name === 'approve').map(({ comment }) => comment.createdAt);
}

function hoursAfter(at: string, hours: number): string | null {
  const instant = Date.parse(at) + hours * 3_600_000;
  return Number.isNaN(instant) ? null : new Date(instant).toISOString();
}
