import type { JobLevel, JobPermissions } from './workflow.ts';

/** What a job gets when nobody says anything: the restricted default of new repositories. */
export const DEFAULT_PERMISSIONS: JobPermissions = { contents: 'read', packages: 'read' };
const RANK: Readonly<Record<JobLevel, number>> = { none: 0, read: 1, write: 2 };

/** The permission by which a called workflow asks for more than its caller holds; GitHub then starts nothing. */
export function excess(wanted: JobPermissions, held: JobPermissions): string | null {
  return Object.keys(wanted).find((name) => RANK[wanted[name] ?? 'none'] > RANK[held[name] ?? 'none']) ?? null;
}
