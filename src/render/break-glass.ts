import type { BrokenGlass, GlassUse } from '../model/break-glass.ts';
import { reasonList } from './incident.ts';
import { inline, page, table } from './text.ts';

/** Finds the issue about one content again; it decides nothing, so it needs no signature. */
export function glassMarker({ pull, head }: Pick<GlassUse, 'pull' | 'head'>): string {
  return `<!-- sluice:break-glass ${pull} ${head} -->`;
}

/** More than anybody reads in a comment. */
const MOST_ROWS = 100;

/** Who did it and why, and what they lifted; null: nobody did. */
export function glassLines(glass: BrokenGlass | null): string | null {
  if (!glass) return null;
  return page(
    table(
      ['broke the glass', 'because'],
      glass.people.map(({ login, reason }) => [`@${login}`, inline(reason, 500)]),
    ),
    `What they lifted:\n${reasonList(glass.lifted.slice(0, MOST_ROWS))}`,
  ).trim();
}

export function glassTitle({ pull }: Pick<GlassUse, 'pull'>): string {
  return `Break-glass was used: #${pull}`;
}

/** The issue that remains when the emergency is over. */
export function glassBody(use: GlassUse): string {
  return page(
    `#${use.pull} passed the gate because two people named in \`approvals.break_glass\` let it, not because owners approved it in its time.`,
    glassLines(use.glass),
    `Head \`${use.head}\`, content digest \`${use.digest}\`.`,
    'An owner of the files looks at what was changed and closes this issue, or has it taken back first. Sluice does not close it, and does not check who does.',
    glassMarker(use),
  );
}

/** Said where people follow the change. */
export function glassText({ pull, glass }: GlassUse, issue: number): string {
  const people = glass.people.map(({ login }) => `@${login}`).join(' and ');
  return page(
    `**Break-glass was used on #${pull}** by ${people}. #${issue} waits for an owner of the files to look at it and close it.`,
    glassLines(glass),
  ).trim();
}
