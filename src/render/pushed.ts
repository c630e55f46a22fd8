import { page } from './text.ts';

/** Finds the issue about one commit again; it decides nothing, so it needs no signature. */
export function pushedMarker(commit: string): string {
  return `<!-- sluice:pushed ${commit} -->`;
}

export function pushedTitle(commit: string): string {
  return `A change went around the gate: ${commit.slice(0, 12)}`;
}

/** The issue about a commit that changes who decides: where its pull request stands, whoever made it has the last word. */
export function policyBody(commit: string): string {
  return page(
    `The commit \`${commit}\` on the default branch changes CODEOWNERS or \`.github/sluice.yml\`, and no owner under the policy before it had approved that. Whoever made it could approve anything under it, so Sluice applies nothing while the file stands like that; what a merge alone puts into force is in force. Which file it is stands below.`,
    'What to do next, one of the two:',
    `- The change is not wanted: \`git revert ${commit}\`, which counts once each file is again what was approved last. Then look at what was approved and merged since.\n- It is wanted: an owner under the policy before approves its pull request after the fact, by \`/approve <full SHA of its head>\` there; if it was pushed, revert it and make it again as a pull request that an owner approves.`,
    'A ruleset on the default branch that requires pull requests and the check `sluice/gate` keeps this from happening again. A person closes this issue.',
    pushedMarker(commit),
  );
}

/** The issue about a commit that changes a target and that no pull request brought: there is no other thread to tell of it. */
export function pushedBody(commit: string): string {
  return page(
    `The commit \`${commit}\` on the default branch changes a file of a Sluice target, and no pull request was merged as this commit: it was pushed, or is one of several that a rebase brought. No owner could approve it, so Sluice writes nothing of it to a job; what a merge alone puts into force is in force. What came of it for each target stands below.`,
    'What to do next, one of the two:',
    `- The change is not wanted: \`git revert ${commit}\` in a pull request that an owner approves.\n- It is wanted: revert it, then make it again as a pull request of one commit, or one that is merged by a merge commit or squash.`,
    'A ruleset on the default branch that requires pull requests and the check `sluice/gate` keeps this from happening again. A person closes this issue.',
    pushedMarker(commit),
  );
}
