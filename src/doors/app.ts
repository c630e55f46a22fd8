import { randomUUID } from 'node:crypto';
import type { Probot } from 'probot';
import { answerComment } from '../flow/answer.ts';
import { reportRollout } from '../flow/close.ts';
import { decidePull } from '../flow/decide.ts';
import { judgeAgain } from '../flow/judge.ts';
import { judgeGroup } from '../flow/judge-group.ts';
import type { Delivery, Wake } from '../model/delivery.ts';
import type { Clock, Inbox } from '../ports.ts';
import { parseAccount, parseAlertDispatch, parseWakes } from '../schema/wake.ts';
import type { AppPorts } from './wiring.ts';

/** Events that can change an answer of the gate, a command, or the end of a rollout. */
export const EVENTS = [
  'issue_comment.created',
  'issue_comment.edited',
  'issue_comment.deleted',
  'pull_request.opened',
  'pull_request.synchronize',
  'pull_request.reopened',
  'pull_request.edited',
  'pull_request.ready_for_review',
  'pull_request.enqueued',
  'pull_request.dequeued',
  'pull_request_review.submitted',
  'pull_request_review.dismissed',
  'merge_group.checks_requested',
  'check_run.completed',
  'check_suite.completed',
  'status',
  'push',
  'member.added',
  'member.edited',
  'member.removed',
] as const;

/** Events that can change who owns or may write: GitHub tells of the account, not of its repositories. */
export const ACCOUNT_EVENTS = [
  'membership.added',
  'membership.removed',
  'organization.member_added',
  'organization.member_removed',
  'team.added_to_repository',
  'team.deleted',
  'team.edited',
  'team.removed_from_repository',
] as const;

/** How the App gets at a repository: by installation from a webhook, by name from an alert. */
export type PortsOf = (owner: string, repo: string) => Promise<AppPorts>;

/** The Probot door: a webhook is stored and answered; what it means is worked out from live facts by the worker. */
export function sluiceApp(app: Probot, inbox: Inbox, clock: Clock): void {
  app.on([...EVENTS], async ({ id, name, payload }) => {
    for (const [place, wake] of parseWakes(name, payload).entries())
      await inbox.put({ id: place === 0 ? id : `${id} ${wake.key}`, key: wake.key, kind: 'webhook', wake });
  });
  app.on([...ACCOUNT_EVENTS], async ({ id, payload }) => {
    const owner = parseAccount(payload);
    await inbox.put({ id, key: `${owner} installed`, kind: 'installed', owner });
  });
  app.on('repository_dispatch', async ({ id, payload, log }) => {
    const told = parseAlertDispatch(payload);
    if (!told) return;
    const { repository, alerts } = told;
    // Whoever dispatched has GitHub's answer already: the log is where the fault can be said.
    for (const fault of alerts.faults) log.warn({ repository, fault }, 'an alert told by repository_dispatch cannot be read');
    if (!alerts.ok || alerts.signals.length === 0) return;
    const at = (await clock.now()).toISOString();
    const { signals, truncated } = alerts;
    await inbox.put({ id, key: `${repository} alerts ${id}`, kind: 'alerts', repository, at, signals, truncated });
  });
}

/** Carries out one wake-up. It names a place to look, nothing more; what it leads to is looked at in its own turn. */
export async function answerWake(wake: Wake, applyAppId: number, portsOf: PortsOf, inbox: Pick<Inbox, 'put'>): Promise<void> {
  const ports = await portsOf(wake.owner, wake.repo);
  switch (wake.what) {
    case 'pull':
      await decidePull(wake.number, ports);
      return;
    case 'protection':
      // Our own check wakes us too: it says nothing that we do not know.
      if (wake.appId === null || wake.appId !== ports.appId) await judgeAgain(wake.number, ports);
      return;
    case 'status':
      for (const number of await ports.headedBy(wake.sha))
        await inbox.put(lookAt(wake, number, `status ${wake.id}`, 'protection'));
      return;
    case 'open':
      // The same commit, or team, may be looked at for many reasons: each is a look of its own.
      for (const number of await ports.openPulls())
        await inbox.put(lookAt(wake, number, randomUUID(), wake.all ? 'pull' : 'protection'));
      return;
    case 'group':
      await judgeGroup(wake.branch, wake.head, ports);
      return;
    case 'rollout':
      if (wake.appId === applyAppId) await reportRollout(wake.sha, wake.target, ports);
      return;
    case 'comment':
      // Only people approve, so what a bot says changes no answer; our own comments would otherwise wake us again.
      if (!wake.byBot) await hear(wake, ports);
  }
}

/** Under the pull request's own key: two decisions about one at once would post two status comments. `protection` asks only where we spoke. */
function lookAt({ owner, repo }: Wake, number: number, why: string, what: 'pull' | 'protection'): Delivery {
  const key = `${owner}/${repo}#${number}`;
  const place = { owner, repo, key, number };
  const wake: Wake = what === 'pull' ? { ...place, what } : { ...place, what, appId: null };
  return { id: `${why} ${key}`, key, kind: 'webhook', wake };
}

/** A new comment is answered; one that was edited or deleted may void an approval, so the gate is asked again. */
async function hear(wake: Extract<Wake, { what: 'comment' }>, ports: AppPorts): Promise<void> {
  const { number, isPull, comment } = wake;
  const by = { id: comment.userId, login: comment.login };
  if (wake.action === 'created')
    await answerComment({ thread: number, isPull, comment: comment.id, body: comment.body, by }, ports);
  else if (isPull) await decidePull(number, ports);
}
