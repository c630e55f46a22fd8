import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { sluice } from '../doors/cli/sluice.ts';
import { buildOnce, person, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const FILE = 'jobs/bundle/resources/ledger_rollup.yml';
const withWorkers = (count: number) => readFileSync(FILE, 'utf8').replace(/num_workers: \d+/, `num_workers: ${count}`);

async function stage() {
  const at = await startWorld({ workloads: ['bundle'] });
  world = at;
  const [olga, wendy] = [writer(at, 'olga'), writer(at, 'wendy')];
  const servers = Object.entries(at.appEnvironment).filter(([name]) => /^SLUICE_(WORKSPACE|PROMETHEUS)_/.test(name));
  const env = {
    ...Object.fromEntries(servers),
    ...{ GITHUB_TOKEN: 'token-of-olga', GITHUB_API_URL: at.github.url, GITHUB_REPOSITORY: 'acme/pipelines' },
    SLUICE_TWIN_CLOCK: at.plant.clockUrl,
  };
  const guard = async (sha: string) => {
    const { code, stdout } = await sluice(['gate', '--sha', sha, '--json'], { env });
    const document = JSON.parse(stdout);
    return { code, ...document, codes: document.reasons.map((one: { code: string }) => one.code) };
  };
  /** A pull request by wendy that changes these files, merged by an admin whether the gate likes it or not; its merge. */
  const merged = async (branch: string, files: Readonly<Record<string, string>>, approve = false) => {
    const head = await wendy.commit(files, [await wendy.main()]);
    await wendy.branch(branch, head);
    const number = await wendy.pull(branch);
    if (approve) {
      await person(at, 'olga').say(number, `/approve ${head}`);
      const isMerged = async () => (await person(at, 'olga').pulls()).find((one) => one.number === number)?.merge;
      const own = await Promise.race([until('a merge', isMerged), writer(at, 'omar').ask('PUT', `/pulls/${number}/merge`, {})]);
      return typeof own === 'string' ? own : String(own.sha);
    }
    return String((await writer(at, 'omar').ask('PUT', `/pulls/${number}/merge`, {})).sha);
  };
  const push = async (files: Readonly<Record<string, string>>) => {
    const sha = await wendy.commit(files, [await wendy.main()]);
    await wendy.ask('PATCH', '/git/refs/heads/main', { sha });
    return sha;
  };
  return { at, olga, wendy, guard, merged, push };
}

describe('the guard of a deployment pipeline', () => {
  test('is about the whole tree: a harmless merge does not carry an unapproved one along', async () => {
    const { guard, merged, push } = await stage();
    const pushed = await push({ [FILE]: withWorkers(40) });
    expect(await guard(pushed)).toMatchObject({ code: 1, verdict: 'deny' });
    const harmless = await merged('readme', { 'README.md': 'hello\n' });
    const told = await guard(harmless);
    expect(told).toMatchObject({ code: 1, verdict: 'deny', applies: false, earlier: [{ merge: pushed }] });
    expect(told.codes).toEqual(['merge_mismatch']);
  });

  test('opens again once an owner approved a change that takes the unapproved one back', async () => {
    const { guard, merged, push } = await stage();
    const before = readFileSync(FILE, 'utf8');
    await push({ [FILE]: withWorkers(40) });
    const mended = await merged('mend', { [FILE]: before }, true);
    expect(await guard(mended)).toMatchObject({ code: 0, verdict: 'allow', earlier: [] });
    const harmless = await merged('readme', { 'README.md': 'hello\n' });
    expect(await guard(harmless)).toMatchObject({ code: 0, verdict: 'allow', applies: false, reasons: [] });
  });

  test('refuses the rerun of a run whose content was taken back since', async () => {
    const { guard, merged } = await stage();
    const up = await merged('up', { [FILE]: withWorkers(5) }, true);
    expect(await guard(up)).toMatchObject({ code: 0, verdict: 'allow' });
    await merged('back', { [FILE]: withWorkers(4) }, true);
    const again = await guard(up);
    expect([again.code, again.codes]).toEqual([1, ['superseded']]);
  });

  test('refuses a commit that is on no default branch, whatever it touches', async () => {
    const { guard, wendy } = await stage();
    const main = await wendy.main();
    const told = [];
    for (const files of [{ [FILE]: withWorkers(5) }, { 'README.md': 'hello\n' }]) {
      const aside = await wendy.commit(files, [main]);
      await wendy.branch(`aside-${told.length}`, aside);
      const { code, verdict, codes } = await guard(aside);
      told.push([code, verdict, codes.includes('merge_mismatch')]);
    }
    expect(told).toEqual([
      [1, 'deny', true],
      [1, 'deny', true],
    ]);
  });

  test('refuses everything after an unapproved change of who owns the files', async () => {
    const { guard, merged, push } = await stage();
    const owners = await push({ '.github/CODEOWNERS': '* @wendy\n' });
    const harmless = await merged('readme', { 'README.md': 'hello\n' });
    const told = await guard(harmless);
    expect([told.code, told.verdict, told.codes]).toEqual([1, 'deny', ['policy_unapproved']]);
    expect(told.reasons[0].observed).toContain(owners);
  });

  test('refuses it also once owners whom that change had made approved the next one', async () => {
    const { guard, merged, push } = await stage();
    await push({ '.github/CODEOWNERS': '* @olga\n' });
    const next = await merged('next', { '.github/CODEOWNERS': '* @olga\n# more\n' }, true);
    const up = await merged('up', { [FILE]: withWorkers(5) }, true);
    for (const sha of [next, up]) {
      const { code, codes } = await guard(sha);
      expect([code, codes.includes('policy_unapproved')]).toEqual([1, true]);
    }
  });
});
