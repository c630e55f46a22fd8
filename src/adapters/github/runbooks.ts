import type { ConfigReader, ContentReader } from '../../ports.ts';
import { parseRunbook, type RunbookRead } from '../../schema/runbook.ts';

const RUNBOOK = /^runbooks\/[^/]+\.md$/;
/** Texts that are kept typed: the runbooks of some dozens of repositories. */
const MOST_KEPT = 1000;

/** Runbooks that were typed before, by path and blob: typing their expressions costs more than all else of an alert. */
export interface TypedRunbooks {
  /** `text` is asked for only where this very file was never typed. */
  read(path: string, blob: string, text: () => Promise<string>): Promise<RunbookRead>;
}

/** One for all repositories: most runbooks in them are unchanged copies of ours. The one that was asked for longest ago goes first. */
export function typedRunbooks(): TypedRunbooks {
  const kept = new Map<string, RunbookRead>();
  return {
    async read(path, blob, text) {
      const key = `${path} ${blob}`;
      const parsed = kept.get(key) ?? parseRunbook(await text(), path);
      kept.delete(key);
      kept.set(key, parsed);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return parsed;
    },
  };
}

/** Runbooks of one commit. Apart from the policy, because the Action applies what was planned and carries no reader of runbooks. */
export function runbookReader(content: ContentReader, typed: TypedRunbooks): Pick<ConfigReader, 'runbooks'> {
  return {
    async runbooks(commit) {
      const listed = (await content.list('runbooks/', commit)).filter(({ path }) => RUNBOOK.test(path));
      const read = await Promise.all(
        listed.map(async ({ path, blob }) => {
          const text = async () => (await content.read(path, commit))?.text ?? '';
          return { blob, parsed: await typed.read(path, blob, text) };
        }),
      );
      return {
        runbooks: read.flatMap(({ blob, parsed }) => (parsed.ok ? [{ runbook: parsed.value, blob }] : [])),
        faults: read.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)),
      };
    },
  };
}
