import { headOf } from './content.ts';
import type { Said } from './ledger.ts';
import type { Play } from './scene.ts';
import type { Ask } from './stage.ts';

const WHY = '--break-glass orders are not shipped';

export async function say({ stage, ledger }: Play, words: string, pull: number, ask: Ask, who: string): Promise<void> {
  const head = headOf(stage.git, pull);
  const { first = head } = ledger.pulls.get(pull) ?? {};
  const bodies: Readonly<Record<string, string>> = {
    ...{ approve: `/approve ${head}`, short: `/approve ${head.slice(0, 12)}`, bare: '/approve', older: `/approve ${first}` },
    ...{ unapprove: '/unapprove', hold: '/hold', retry: '/retry', chat: 'looks fine', quoted: `> /approve ${head}` },
    ...{ glass: `/approve ${head} ${WHY}`, 'short glass': `/approve ${head.slice(0, 12)} ${WHY}` },
    'older glass': `/approve ${first} ${WHY}`,
    ...{ 'glass for nothing': `/approve ${head} --break-glass ...`, 'glass without a word': `/approve ${head} --break-glass` },
  };
  const body = bodies[words] ?? words;
  const { ok, body: made } = await ask('POST', `/issues/${pull}/comments`, { body });
  if (!ok) return;
  const at = stage.plant.clock.now().getTime();
  ledger.said.push({ id: made.id, pull, who, body, at, turn: ledger.turn, edited: false, deleted: null });
}

export async function edit(play: Play, comment: Said | undefined, ask: Ask, into: string): Promise<void> {
  if (!comment || comment.deleted !== null) return;
  const head = headOf(play.stage.git, comment.pull);
  const bodies: Readonly<Record<string, string>> = { approve: `/approve ${head}`, glass: `/approve ${head} ${WHY}` };
  const { ok } = await ask('PATCH', `/issues/comments/${comment.id}`, { body: bodies[into] ?? 'never mind' });
  if (ok) comment.edited = true;
  noteBot(play, comment);
}

export async function remove(play: Play, comment: Said | undefined, ask: Ask): Promise<void> {
  if (!comment || comment.deleted !== null) return;
  const { ok } = await ask('DELETE', `/issues/comments/${comment.id}`);
  if (ok) comment.deleted = play.ledger.turn;
  noteBot(play, comment);
}

/** The App does not listen to what becomes of a bot's words. */
function noteBot(play: Play, { who }: Said): void {
  if (who.endsWith('[bot]')) play.missed = true;
}
