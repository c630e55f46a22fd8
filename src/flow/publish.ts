import type { ProposalFiles } from '../core/proposal.ts';
import type { Proposal } from '../model/thread.ts';
import type { ContentReader, ProposalWriter } from '../ports.ts';

export interface PublishPorts {
  readonly content: ContentReader;
  readonly proposals: ProposalWriter;
}

export interface Published {
  readonly proposal: Proposal;
  readonly files: ProposalFiles;
  /** True when this attempt opened it; false when an earlier one did. */
  readonly fresh: boolean;
}

/** Names that are tried: a branch of ours may be left over from a killed attempt, or squatted on by somebody else. */
const MOST_NAMES = 5;

/**
 * Opens the pull request of a proposal, or finds the one that an earlier attempt opened. Only a pull request of our own App whose head
 * holds exactly these files counts as ours: a plan is never lent to anybody else's content. Null when no name is free.
 */
export async function publish(
  filesOf: (sequence: number) => ProposalFiles,
  first: number,
  base: string,
  words: { readonly title: string; readonly body: string; readonly message: string; readonly draft: boolean },
  ports: PublishPorts,
): Promise<Published | null> {
  for (let sequence = first; sequence < first + MOST_NAMES; sequence++) {
    const files = filesOf(sequence);
    const found = await ports.proposals.find(files.branch);
    if (found && found.state === 'open' && (await holds(found, files, ports))) return { proposal: found, files, fresh: false };
    if (found) continue;
    const commit = await ports.proposals.commit(files.branch, base, files.files, words.message);
    if (commit === null) continue;
    const proposal = await ports.proposals.open(files.branch, words.title, words.body, words.draft);
    // The plan speaks of the commit that we made, whatever somebody pushed onto the branch in between.
    return { proposal: { ...proposal, headSha: commit }, files, fresh: true };
  }
  return null;
}

async function holds(found: Proposal, { files }: ProposalFiles, { content }: PublishPorts): Promise<boolean> {
  const read = await Promise.all(
    files.map(async ({ path, text }) => timeless((await content.read(path, found.headSha))?.text) === timeless(text)),
  );
  return !read.includes(false);
}

/** The same proposal made a minute later expires a minute later. */
function timeless(text: string | undefined): string | undefined {
  return text?.replace(/"expires_at": "[^"]*"/, '"expires_at": ""');
}
