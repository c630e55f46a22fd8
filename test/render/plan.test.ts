import { describe, expect, test } from 'vitest';
import { investigationWords } from '../../src/doors/cli/plan-words.ts';
import type { Investigation, Plan } from '../../src/model/plan.ts';
import type { Signal } from '../../src/model/signal.ts';
import { blockedPart, planParts } from '../../src/render/plan.ts';
import { investigationText } from '../../src/render/proposal.ts';

const cause = {
  id: 'c',
  outcome: 'likely',
  explanation: 'It waits.',
  rule: 'lag > 1.0',
  observed: {},
  evidence: ['E1'],
} as const;
const change = { file: 'a.json', selector: 'a', old: '1', new: '2', reason: 'It helps.', evidence: ['E1', 'E2'] };
const common = {
  ...{
    target: 't',
    runbook: null,
    remedy: 'more',
    title: 't: a 1 → 2',
    cause,
    risk: 'low' as const,
    impact: 'more of it',
    rejected: [],
  },
  ...{ cost: { before: 1, after: 2, note: 'worker-hours a run', evidence: ['E3'] }, alsoChanges: ['<b>tasks</b>'] },
} as const;
const changing: Plan = {
  ...common,
  kind: 'change',
  changes: [change],
  inverse: [{ file: 'a.json', selector: 'a', old: '2', new: null }],
  edits: [{ file: 'a.json', before: '', after: '', diff: '-1\n+2\n' }],
  verification: {
    kind: 'batch',
    checks: [
      { name: 'lag', source: 'prometheus', query: 'sum(lag)', unit: '', expect: 'after < before', worse: 'after > before' },
    ],
    ...{ settle_minutes: 0, within_minutes: 60 },
  },
  baseline: {},
  baseSettingsDigest: null,
  rerun: { how: 'repair', runId: '77' },
  steps: [{ do: 'repair', runId: '77' }],
};
const advising: Plan = { ...common, kind: 'advice', who: 'you', what: 'Look at 3 of them.', evidence: ['E4'] };
const bare = (text: string) => text;

function found(plan: Plan | null, blocked: Investigation['blocked'] = []): Investigation {
  return {
    diagnosis: { runbook: 'r', outcome: plan ? 'likely' : 'inconclusive', causes: plan ? [cause] : [], unknown: [] },
    ...{ blocked, evidence: [], plan, match: { found: 'one', runbooks: ['r'] } },
    rejected: [{ remedy: 'more', why: 'unknown job.cores' }],
  };
}

const signal: Signal = {
  ...{ source: 'alertmanager', status: 'firing', alertname: 'A', labels: {}, annotations: {} },
  ...{ startsAt: '2026-11-20T03:00:00Z', endsAt: null, fingerprint: '' },
};

describe('a plan in words', () => {
  test.each([
    [
      'change',
      changing,
      {
        Why: ['a: 1 → 2. It helps. (E1, E2)'],
        Risk: ['low'],
        Impact: ['more of it'],
        Cost: ['1 → 2 worker-hours a run (E3)'],
        'Also changes': ['<b>tasks</b>'],
        'Verified by': ['lag: after < before over sum(lag)'],
        Judged: ['on the first run that started after the apply, at most 60 minutes later'],
        Rollback: ['if it does not help, a is taken out again'],
        'After the apply': ['run 77 is repaired, once'],
      },
    ],
    [
      'advice',
      advising,
      {
        'Who acts': ['you: Look at 3 of them. (E4)'],
        Risk: ['low'],
        Impact: ['more of it'],
        Cost: ['1 → 2 worker-hours a run (E3)'],
        'Also changes': ['<b>tasks</b>'],
      },
    ],
  ] as const)('of kind %s has its parts', (_, plan, parts) => {
    expect(Object.fromEntries(planParts(plan, bare).map(({ label, lines }) => [label, lines]))).toEqual(parts);
  });

  test.each([
    ['change', changing],
    ['advice', advising],
  ] as const)('is the same on GitHub and at a terminal, part for part: %s', (_, plan) => {
    const markdown = investigationText(found(plan)).replaceAll(/[`*]/g, '');
    const terminal = investigationWords(found(plan), signal, null);

    for (const { label, lines } of [...planParts(plan, bare), { label: 'Considered and not chosen', lines: [] }]) {
      expect(markdown).toContain(label);
      expect(terminal).toContain(label);
      for (const line of lines) expect([markdown.includes(line), terminal.includes(line), line]).toEqual([true, true, line]);
    }
  });

  test('shows what is not ours as code', () => {
    expect(investigationText(found(changing))).toContain('**Also changes**: `<b>tasks</b>`');
  });
});

describe('what could not be judged', () => {
  const blocked = [
    {
      rule: 'cores',
      unknown: [
        { name: 'job.cores', why: 'no <workspace>' },
        { name: 'job.workers', why: 'no <workspace>' },
        { name: 'lag', why: 'no series' },
      ],
    },
  ];

  test('is told on the issue, rule by rule, each reason once', () => {
    expect(investigationText(found(null, blocked))).toContain(
      '**Not judged**: rule `cores`: unknown `job.cores`, `job.workers`: `no <workspace>`; `lag`: `no series`\n',
    );
  });

  test('is nothing where everything was read and no rule holds, which is told too', () => {
    expect(blockedPart(found(null), bare).lines).toEqual(['nothing: everything was read, and no rule of the runbook holds']);
    expect(blockedPart(found(changing), bare).lines).toEqual([]);
  });
});
