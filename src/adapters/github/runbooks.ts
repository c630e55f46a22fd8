import type { ConfigReader, ContentReader } from '../../ports.ts';
import { parseRunbook } from '../../schema/runbook.ts';

const RUNBOOK = /^runbooks\/[^/]+\.md$/;

/** Runbooks of one commit. Apart from the policy, because the Action applies what was planned and carries no reader of runbooks. */
export function runbookReader(content: ContentReader): Pick<ConfigReader, 'runbooks'> {
  return {
    async runbooks(commit) {
      const listed = (await content.list('runbooks/', commit)).filter(({ path }) => RUNBOOK.test(path));
      const read = await Promise.all(
        listed.map(async ({ path, blob }) => ({
          blob,
          parsed: parseRunbook((await content.read(path, commit))?.text ?? '', path),
        })),
      );
      return {
        runbooks: read.flatMap(({ blob, parsed }) => (parsed.ok ? [{ runbook: parsed.value, blob }] : [])),
        faults: read.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)),
      };
    },
  };
}
