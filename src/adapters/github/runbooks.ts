import type { ConfigReader, ContentReader } from '../../ports.ts';
import { parseRunbook } from '../../schema/runbook.ts';

const RUNBOOK = /^runbooks\/[^/]+\.md$/;

/**
 * Runbooks of one commit. Apart from the policy, because the Action applies what was planned and carries no reader of runbooks. Typing their
 * expressions costs more than all else of an alert, so what the last commit asked about had, too, is not read again.
 */
export function runbookReader(content: ContentReader): Pick<ConfigReader, 'runbooks'> {
  let last: ReadonlyMap<string, ReturnType<typeof parseRunbook>> = new Map();
  return {
    async runbooks(commit) {
      const listed = (await content.list('runbooks/', commit)).filter(({ path }) => RUNBOOK.test(path));
      const read = await Promise.all(
        listed.map(async ({ path, blob }) => {
          const known = last.get(`${path} ${blob}`);
          return { path, blob, parsed: known ?? parseRunbook((await content.read(path, commit))?.text ?? '', path) };
        }),
      );
      last = new Map(read.map(({ path, blob, parsed }) => [`${path} ${blob}`, parsed]));
      return {
        runbooks: read.flatMap(({ blob, parsed }) => (parsed.ok ? [{ runbook: parsed.value, blob }] : [])),
        faults: read.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)),
      };
    },
  };
}
