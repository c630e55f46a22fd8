import type { Probot } from 'probot';
import { answerComment } from '../flow/answer.ts';
import { reportRollout } from '../flow/close.ts';
import { decidePull } from '../flow/decide.ts';
import type { Wake } from '../model/delivery.ts';
import type { Clock, Inbox } from '../ports.ts';
import { parseAlertDispatch, parseWake } from '../schema/wake.ts';
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
  'check_run.completed',
] as const;

/** How the App gets at a repository: by installation from a webhook, by name from an alert. */
export type PortsOf = (owner: string, repo: string) => Promise<AppPorts>;

/** The Probot door: a webhook is stored and answered; what it means is worked out from live facts by the worker. */
export function sluiceApp(app: Probot, inbox: Inbox, clock: Clock): void {
  app.on([...EVENTS], async ({ id, name, payload }) => {
    const wake = parseWake(name, payload);
    if (wake) await inbox.put({ id, key: wake.key, kind: 'webhook', wake });
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

/** Carries out one wake-up. It names a place to look, nothing more. */
export async function answerWake(wake: Wake, applyAppId: number, portsOf: PortsOf): Promise<void> {
  const ports = await portsOf(wake.owner, wake.repo);
  switch (wake.what) {
    case 'pull':
      await decidePull(wake.number, ports);
      return;
    case 'rollout':
      if (wake.appId === applyAppId) await reportRollout(wake.sha, wake.target, ports);
      return;
    case 'comment':
      // Only people approve, so what a bot says changes no answer; our own comments would otherwise wake us again.
      if (!wake.byBot) await hear(wake, ports);
  }
}

/** A new comment is answered; one that was edited or deleted may void an approval, so the gate is asked again. */
async function hear(wake: Extract<Wake, { what: 'comment' }>, ports: AppPorts): Promise<void> {
  const { number, isPull, comment } = wake;
  const by = { id: comment.userId, login: comment.login };
  if (wake.action === 'created')
    await answerComment({ thread: number, isPull, comment: comment.id, body: comment.body, by }, ports);
  else if (isPull) await decidePull(number, ports);
}
