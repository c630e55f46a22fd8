import type { CODEOWNERS, CONFIGS } from './acts.ts';

export const CODEOWNERS_TEXT: Readonly<Record<(typeof CODEOWNERS)[number], string>> = {
  'as before': '* @omar\n/jobs/ @olga @acme/oncall\n',
  'omar alone': '* @omar\n',
  wendy: '* @omar\n/jobs/ @wendy\n',
  nobody: '* @omar\n/jobs/\n',
  'a faulty line': '* @omar\n!/jobs/ @olga\n',
};

/** Who owns the job file under each of these, as a person reads them; null where nobody can tell. */
export function ownersUnder(text: string, oncall: readonly string[]): readonly string[] | null {
  if (text === CODEOWNERS_TEXT['as before']) return ['olga', ...oncall];
  if (text === CODEOWNERS_TEXT['omar alone']) return ['omar'];
  if (text === CODEOWNERS_TEXT.wendy) return ['wendy'];
  if (text === CODEOWNERS_TEXT.nobody) return [];
  return null;
}

const TARGET = `limits: {percent_per_step: 400, max_workers: 16}
approvals: {expire_after: 72h}
targets:
  - {name: orders-nightly, match: {job_name: orders-nightly}, files: [jobs/orders-nightly.json], kind: job-json, workspace: prod, job: {name: orders-nightly}, task: join_orders, cluster: main, rerun: repair}
`;

export const CONFIG_TEXT: Readonly<Record<(typeof CONFIGS)[number], string>> = {
  'as before': `mode: execute\nmerge: auto\n${TARGET}`,
  'night window': `mode: execute\nmerge: auto\nwindows:\n  - {name: night, days: [mon-sun], from: "00:00", to: "12:00", zone: UTC}\n${TARGET}`,
  propose: `mode: propose\nmerge: auto\n${TARGET}`,
  faulty: 'mode: [',
};

/** Whether anything may be merged or applied under this configuration at that instant, whoever approved it. */
export function permits(text: string, now: Date): boolean {
  if (text === CONFIG_TEXT['as before']) return true;
  return text === CONFIG_TEXT['night window'] && now.getUTCHours() < 12;
}
