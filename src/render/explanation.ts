import type { GateFacts, Person } from '../model/gate.ts';
import type { Known } from '../model/known.ts';
import type { ProtectionFacts } from '../model/protection.ts';
import type { Verdict } from '../model/verdict.ts';
import { gateStatus, STATUS_MARKER } from './gate.ts';
import { counted, inline, page, table } from './text.ts';

/** More of one kind than anybody reads; `--json` has them all. */
const MOST_ROWS = 50;

/** A verdict with every fact that it rests on, for a person who wants to know why. */
export function explanation(facts: GateFacts, verdict: Verdict): string {
  if (!verdict.applies) return 'No file of a Sluice target is changed here: the gate has nothing to say.';
  return page(gateStatus(verdict).replace(STATUS_MARKER, '').trim(), '### What the gate saw', ...sections(facts)).trim();
}

function sections(facts: GateFacts): readonly string[] {
  return [
    changeLines(facts),
    contentLines(facts),
    handsLines(facts),
    protectionLines(facts),
    policyLines(facts),
    liveLines(facts),
  ];
}

function changeLines({ change, question }: GateFacts): string {
  const pull = told(
    change.pull,
    (one) =>
      `#${one.number} by ${person(one.author)}, ${one.mergedAt ? `merged at ${one.mergedAt}` : one.state}, head \`${one.headSha}\` on ${inline(one.headRef)}, base ${inline(one.baseRef)}`,
  );
  const merge = change.merge
    ? `- merge ${question.moment === 'apply' ? `\`${question.merge}\`` : 'by the merge queue'}: ${told(change.merge, (one) => `parents ${one.parents.map((parent) => `\`${parent}\``).join(', ')}`)}`
    : null;
  return lines([`- pull request: ${pull}`, merge]);
}

function contentLines({ change }: GateFacts): string {
  const files = told(change.delta, (delta) => counted(delta.length, 'changed file'));
  const rows = change.delta.known
    ? change.delta.value
        .slice(0, MOST_ROWS)
        .map((one) => [
          inline(one.path),
          `${one.oldMode} \`${one.oldId.slice(0, 12)}\``,
          `${one.newMode} \`${one.newId.slice(0, 12)}\``,
        ])
    : [];
  return `- ${files}\n\n${table(['path', 'before', 'after'], rows)}`;
}

/** Everybody who had a hand in it, and what people said. */
function handsLines({ change, followUp }: GateFacts): string {
  const commits = told(
    change.commits,
    (all) =>
      all
        .slice(0, MOST_ROWS)
        .map(
          (one) =>
            `\`${one.sha.slice(0, 12)}\` by ${one.people.map(person).join(', ')}${one.mergesBase ? ' (merges the base)' : ''}`,
        )
        .join('; ') || 'none',
  );
  const pushes = told(change.pushes, (all) =>
    all.map((one) => `${person(one.actor)} to \`${one.after.slice(0, 12)}\``).join('; '),
  );
  const comments = told(change.comments, (all) => `${all.length}, all read`);
  const events = told(
    change.timeline,
    (all) => all.map((one) => `${one.what} at ${one.at} by ${person(one.actor)}`).join('; ') || 'none',
  );
  const people = Object.entries(followUp.people).map(
    ([login, found]) => `${inline(login)}: ${told(found, (one) => one?.permission ?? 'no such user')}`,
  );
  const teams = Object.entries(followUp.teams).map(
    ([team, found]) =>
      `${inline(team)}: ${told(found, (one) => (one ? `${one.members.map(person).join(', ')}; the team may ${one.permission}` : 'no such team'))}`,
  );
  return lines([
    `- commits: ${commits}`,
    `- pushes: ${pushes}`,
    `- comments: ${comments}`,
    `- deletions, base changes and forced pushes: ${events}`,
    people.length > 0 ? `- permissions: ${people.join('; ')}` : null,
    teams.length > 0 ? `- teams: ${teams.join('; ')}` : null,
  ]);
}

function policyLines({ change }: GateFacts): string {
  return lines(
    change.policies.map(
      (one) =>
        `- policy at \`${one.commit.slice(0, 12)}\`: ${told(one.codeowners, (file) => (file ? inline(file.path) : 'no CODEOWNERS'))}; ${told(one.config, (config) => `mode ${config.mode}, ${counted(config.windows.length, 'window')}, ${counted(config.freezes.length, 'freeze')}, break-glass ${config.approvals.breakGlass.map((login) => inline(login)).join(' ') || 'off'}`)}`,
    ),
  );
}

function protectionLines({ change }: GateFacts): string {
  if (!change.protection) return '';
  const { protection } = change;
  const checks = told(
    protection,
    (one) =>
      one.checks
        .slice(0, MOST_ROWS)
        .map(
          (check) =>
            `${inline(check.name)} ${inline(check.said)} by ${inline(check.writer)}${check.required ? ' (required)' : ''}`,
        )
        .join('; ') || 'none',
  );
  const rules = told(
    protection,
    (one) =>
      one.rules.map((rule) => `${inline(rule.name)} by ${rule.appId === null ? 'anybody' : `App ${rule.appId}`}`).join('; ') ||
      'none',
  );
  const base = told(
    protection,
    (one) =>
      `${one.behind ? 'behind' : 'up to date'}${one.strict ? ' (must be up to date)' : ''}${one.conflicts ? ', in conflict' : ''}`,
  );
  return lines([
    `- checks required by rulesets: ${rules}`,
    `- checks on the head that are required or bear our name: ${checks}`,
    `- GitHub’s reviews: ${told(protection, (one) => one.review ?? 'none wanted')}; against the base: ${base}`,
    `- merge queue: ${told(protection, queueWords)}`,
  ]);
}

function queueWords({ queue }: ProtectionFacts): string {
  if (!queue) return 'none';
  const removed = queue.removed && `taken out at ${queue.removed.at} by account ${queue.removed.by ?? 'unknown'}`;
  return queue.entered ? 'it is in it' : (removed ?? 'not in it yet');
}

function liveLines({ live, followUp }: GateFacts): string {
  const record = told(followUp.record, (one) => (one ? inline(one.path) : 'none: a person’s change'));
  const targets = live.targets.map(
    (one) =>
      `- at \`${one.commit.slice(0, 12)}\` the target is job ${told(one.jobId, (id) => id ?? 'none')} at ${told(one.host, (host) => (host ? inline(host) : 'no workspace'))}`,
  );
  return lines([
    `- change record: ${record}`,
    ...targets,
    `- recovered: ${told(live.recovered, String)}; overtaken: ${told(live.superseded, String)}`,
    `- asked for it: ${told(live.asked, (one) => one.askers.join(', ') || 'nobody')}; shaped it: ${told(live.asked, (one) => one.shapers.join(', ') || 'nobody')} (user ids)`,
    `- decided at ${live.now}`,
  ]);
}

function told<T>(fact: Known<T>, say: (value: T) => string): string {
  return fact.known ? say(fact.value) : `could not be told: ${inline(fact.why)}`;
}

function person(one: Person | null): string {
  return one ? `${inline(one.login)} (${one.type} ${one.id})` : 'somebody unknown';
}

function lines(all: readonly (string | null)[]): string {
  return all.filter((one) => one !== null).join('\n');
}
