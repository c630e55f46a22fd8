import type { TwinGithub } from '../github/index.ts';
import type { Groups } from './concurrency.ts';
import type { Oidc } from './oidc.ts';
import type { Run } from './run.ts';

export type Texts = Readonly<Record<string, string>>;

export interface RunnerOptions {
  readonly action: {
    /** The bundle that `node` runs for every action that is not one of GitHub's own (`actions/…`). */
    readonly path: string;
    /** action.yml, whose defaults fill the inputs that a workflow leaves out. */
    readonly metadata?: string;
    /** Reusable workflows of other repositories, by their path inside: text. */
    readonly reusable?: Texts;
  };
  readonly secrets: { readonly repository: Texts; readonly environments: Readonly<Record<string, Texts>> };
  readonly vars: Texts;
  readonly oidc?: { readonly key: string; readonly template?: readonly string[] };
  /** The only way for something else to reach the child, such as the twin's addresses and clock. */
  readonly extraEnv?: Texts;
  readonly timeoutMs?: number;
  /** A signal for each run; aborting it kills the step that runs, as when a runner is lost. */
  readonly kill?: (run: Run) => AbortSignal | undefined;
}

/** What every job needs of its surroundings. */
export interface Setting {
  readonly twin: TwinGithub;
  readonly options: RunnerOptions;
  readonly oidc: Oidc | null;
  readonly groups: Groups;
}
