import type { CODEOWNERS, CONFIGS } from './acts.ts';

export const CODEOWNERS_TEXT: Readonly<Record<(typeof CODEOWNERS)[number], string>> = {
  'as before': '* @omar\n/jobs/ @olga @acme/oncall\n',
  'omar alone': '* @omar\n',
  wendy: '* @omar\n/jobs/ @wendy\n',
  nobody: '* @omar\n/jobs/\n',
  'a faulty line': '* @omar\n!/jobs/ @olga\n',
};

/** Who owns a file under each of these, as a person reads them; null where nobody can tell. */
export function ownersUnder(text: string, path: string, oncall: readonly string[]): readonly string[] | null {
  const isJob = path.startsWith('jobs/');
  if (text === CODEOWNERS_TEXT['as before']) return isJob ? ['olga', ...oncall] : ['omar'];
  if (text === CODEOWNERS_TEXT['omar alone']) return ['omar'];
  if (text === CODEOWNERS_TEXT.wendy) return isJob ? ['wendy'] : ['omar'];
  if (text === CODEOWNERS_TEXT.nobody) return isJob ? [] : ['omar'];
  return null;
}

/** What a configuration says of whether, when and by whose word in an emergency something may be merged or applied. */
export interface Terms {
  readonly executes: boolean;
  readonly open: 'always' | 'at night' | 'never';
  readonly named: readonly string[];
}

const TERMS: Readonly<Record<Exclude<(typeof CONFIGS)[number], 'faulty'>, Terms>> = {
  'as before': { executes: true, open: 'always', named: [] },
  'night window': { executes: true, open: 'at night', named: [] },
  freeze: { executes: true, open: 'never', named: [] },
  propose: { executes: false, open: 'always', named: [] },
  glass: { executes: true, open: 'always', named: ['omar', 'wendy'] },
  'glass at night': { executes: true, open: 'at night', named: ['omar', 'wendy'] },
  'glass in a freeze': { executes: true, open: 'never', named: ['omar', 'wendy'] },
  'glass of others in a freeze': { executes: true, open: 'never', named: ['wendy', 'mallory'] },
  'glass to propose': { executes: false, open: 'never', named: ['omar', 'wendy'] },
};

const TARGET = `limits: {percent_per_step: 400, max_workers: 16}
targets:
  - {name: orders-nightly, match: {job_name: orders-nightly}, files: [jobs/orders-nightly.json], kind: job-json, workspace: prod, job: {name: orders-nightly}, task: join_orders, cluster: main, rerun: repair}
`;
const TIMES: Readonly<Record<Terms['open'], string>> = {
  always: '',
  'at night': 'windows:\n  - {name: night, days: [mon-sun], from: "00:00", to: "12:00", zone: UTC}\n',
  never: 'freezes:\n  - {name: november, from: "2026-11-01", to: "2026-12-31", zone: UTC}\n',
};

export function configText(name: (typeof CONFIGS)[number]): string {
  if (name === 'faulty') return 'mode: [';
  const { executes, open, named } = TERMS[name];
  const glass = named.length > 0 ? `, break_glass: [${named.join(', ')}]` : '';
  return `mode: ${executes ? 'execute' : 'propose'}\nmerge: auto\napprovals: {expire_after: 72h${glass}}\n${TIMES[open]}${TARGET}`;
}

const READ = new Map(Object.keys(TERMS).flatMap((name) => (isReadable(name) ? [[configText(name), TERMS[name]] as const] : [])));

/** The terms of a configuration's text; null: nobody can read it. */
export function termsIn(text: string): Terms | null {
  return READ.get(text) ?? null;
}

export function isOpen({ open }: Terms, now: Date): boolean {
  return open === 'always' || (open === 'at night' && now.getUTCHours() < 12);
}

function isReadable(name: string): name is keyof typeof TERMS {
  return Object.hasOwn(TERMS, name);
}
