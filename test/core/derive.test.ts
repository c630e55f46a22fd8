import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { deriveChanges } from '../../src/core/derive.ts';
import type { EditFormat } from '../../src/core/edit/edit.ts';
import { applySettingsChanges } from '../../src/core/edit/settings.ts';
import { parseSelector } from '../../src/core/selector.ts';
import type { Change } from '../../src/model/change.ts';
import type { EditReasonCode } from '../../src/model/reason.ts';

const JOB = `{
  "name": "orders",
  "timeout_seconds": 3600,
  "tasks": [
    {"task_key": "load", "max_retries": 1, "depends_on": []},
    {"task_key": "sum", "max_retries": 2, "depends_on": [{"task_key": "load"}]}
  ],
  "parameters": [{"name": "day", "default": "today"}],
  "job_clusters": [{"job_cluster_key": "main", "new_cluster": {"num_workers": 4, "spark_conf": {"a": "1"}}}],
  "email_notifications": {"on_failure": ["a@x.io", "b@x.io"]}
}`;
const TASK = '{"task_key": "sum", "max_retries": 2, "depends_on": [{"task_key": "load"}]}';

function changesOf(before: string, after: string, format: EditFormat = 'json'): string[] | EditReasonCode {
  const derived = deriveChanges(format, 'f', before, after);
  return derived.ok ? derived.value.map((one) => `${one.selector}: ${one.old ?? '∅'} → ${one.new ?? '∅'}`) : derived.reason.code;
}

function edited(...pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no ${from}`);
    return text.replace(from, to);
  }, JOB);
}

describe('what an edit of job JSON means', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['nothing, when nothing is edited', JOB, []],
    ['nothing, when only the layout is edited', JSON.stringify(JSON.parse(JOB)), []],
    [
      'nothing, when keys are reordered',
      edited(['"name": "orders",\n  "timeout_seconds": 3600', '"timeout_seconds": 3600, "name": "orders"']),
      [],
    ],
    ['nothing, when a comment is written', edited(['"name"', '// the nightly one\n  "name"']), []],
    [
      'nothing, when tasks change places',
      edited([`,\n    ${TASK}`, ''], ['{"task_key": "load"', `${TASK}, {"task_key": "load"`]),
      [],
    ],
    ['nothing, when a text is written another way', edited(['"orders"', '"\\u006frders"']), []],
    ['one value', edited(['3600', '7200']), ['timeout_seconds: 3600 → 7200']],
    ['a number in another writing is another number', edited(['3600', '3600.0']), ['timeout_seconds: 3600 → 3600.0']],
    [
      'a value in a cluster',
      edited(['"a": "1"', '"a": "2"']),
      ['job_clusters[job_cluster_key=main].new_cluster.spark_conf.a: "1" → "2"'],
    ],
    [
      'a value added and one taken out',
      edited(['"num_workers": 4', '"driver": "x"']),
      [
        'job_clusters[job_cluster_key=main].new_cluster.driver: ∅ → "x"',
        'job_clusters[job_cluster_key=main].new_cluster.num_workers: 4 → ∅',
      ],
    ],
    ['a task taken out, whole', edited([`,\n    ${TASK}`, '']), [`tasks[task_key=sum]: ${TASK} → ∅`]],
    [
      'a task added, whole, without its comments',
      edited([TASK, `${TASK}, {"task_key": "new", /* why */ "n": [1.0, true, null]}`]),
      ['tasks[task_key=new]: ∅ → {"task_key": "new", "n": [1.0, true, null]}'],
    ],
    [
      'a renamed task is one taken out and one added',
      edited(['"task_key": "sum", "max_retries": 2, "depends_on": [{"task_key": "load"}]', '"task_key": "total"']),
      ['tasks[task_key=total]: ∅ → {"task_key": "total"}', `tasks[task_key=sum]: ${TASK} → ∅`],
    ],
    [
      'a dependency of a task',
      edited(['"depends_on": []', '"depends_on": [{"task_key": "x"}]']),
      ['tasks[task_key=load].depends_on[task_key=x]: ∅ → {"task_key": "x"}'],
    ],
    ['a parameter by its name', edited(['"today"', '"tomorrow"']), ['parameters[name=day].default: "today" → "tomorrow"']],
    [
      'a list without natural keys, whole: there the order counts',
      edited(['"a@x.io", "b@x.io"', '"b@x.io", "a@x.io"']),
      ['email_notifications.on_failure: ["a@x.io", "b@x.io"] → ["b@x.io", "a@x.io"]'],
    ],
    ['a map added, whole', edited(['"name"', '"queue": {"enabled": true}, "name"']), ['queue: ∅ → {"enabled": true}']],
    [
      'a value of another kind, whole',
      edited(['{"on_failure": ["a@x.io", "b@x.io"]}', '"none"']),
      ['email_notifications: {"on_failure": ["a@x.io", "b@x.io"]} → "none"'],
    ],
  ];

  test.each(rows)('%s', (_, after, wanted) => {
    expect(changesOf(JOB, after)).toEqual(wanted);
  });

  test.each([
    ['what jobs/get answers', `{"job_id": 42, "creator_user_name": "a", "settings": ${JOB}}`],
    ['what jobs/reset takes', `{"job_id": 42, "new_settings": ${JOB}}`],
    ['a byte order mark', `\ufeff${JOB}`],
  ])('is the same inside %s', (_, wrapped) => {
    expect(changesOf(JOB, wrapped)).toEqual([]);
    expect(changesOf(wrapped, wrapped.replace('3600', '1'))).toEqual(['timeout_seconds: 3600 → 1']);
    expect(changesOf(wrapped, JOB.replace('3600', '1'))).toEqual(['timeout_seconds: 3600 → 1']);
  });
});

describe('what cannot be told', () => {
  const rows: readonly (readonly [string, EditFormat, string, string, EditReasonCode])[] = [
    ['a text that is no JSON', 'json', '{}', '{', 'parse_failed'],
    ['a text that was no JSON', 'json', '{', '{}', 'parse_failed'],
    ['a document that is no map', 'json', '{}', '[]', 'type_mismatch'],
    ['another job', 'json', '{"job_id": 1, "settings": {}}', '{"job_id": 2, "settings": {}}', 'no_surface'],
    ['settings that are there twice', 'json', '{}', '{"job_id": 1, "settings": {}, "settings": {}}', 'key_duplicate'],
    ['a key that is there twice', 'json', '{"a": 1}', '{"a": 1, "a": 2}', 'key_duplicate'],
    ['a key of an added map that is there twice', 'json', '{}', '{"m": {"a": 1, "a": 2}}', 'key_duplicate'],
    ['two tasks of one key', 'json', '{"tasks": []}', '{"tasks": [{"task_key": "a"}, {"task_key": "a"}]}', 'key_duplicate'],
    ['a variable instead of a value', 'yaml', 'a: 1\n', `a: \${var.a}\n`, 'interpolated'],
    ['a value instead of a variable', 'yaml', `a: \${var.a}\n`, 'a: 1\n', 'interpolated'],
    ['a variable in what is added', 'yaml', 'a: 1\n', `a: 1\nm:\n  b: \${var.a}\n`, 'interpolated'],
    ['a value with an anchor that others use', 'yaml', 'a: &x 1\nb: *x\n', 'a: &x 2\nb: *x\n', 'anchor_shared'],
    ['an alias instead of a value', 'yaml', 'a: &x 1\nb: 2\n', 'a: &x 1\nb: *x\n', 'anchor_shared'],
    ['anchors that change places', 'yaml', 'a: &x 1\nb: &y 2\nc: *x\n', 'a: &y 1\nb: &x 2\nc: *x\n', 'anchor_shared'],
    [
      'a key that a merge may supply',
      'yaml',
      'a: &x {k: 1}\nb:\n  <<: *x\n',
      'a: &x {k: 1}\nb:\n  <<: *x\n  n: 1\n',
      'anchor_shared',
    ],
    ['a template', 'yaml', 'a: 1\n', 'a: {{ x }}\n', 'parse_failed'],
    ['a repeated setting that is taken out', 'conf', 'a 1\na 2\n', 'b 1\n', 'key_duplicate'],
  ];

  test.each(rows)('is refused: %s', (_, format, before, after, code) => {
    expect(changesOf(before, after, format)).toBe(code);
  });

  test('is no matter beside the change', () => {
    expect(changesOf('{"a": 1, "a": 2, "b": 1}', '{"b": 2, "a": 1, "a": 2}')).toEqual(['b: 1 → 2']);
    const yaml = (value: string) => `a: &x 1\nb: *x\nc: \${var.c}\nd: ${value}\n`;
    expect(changesOf(yaml('1'), yaml('2'), 'yaml')).toEqual(['d: 1 → 2']);
  });
});

describe('what an edit of other files means', () => {
  test('of a bundle: its tokens are YAML, blocks are written on one line', () => {
    const before =
      'resources:\n  jobs:\n    ledger:\n      name: ledger # the book\n      tasks:\n        - task_key: sum\n          max_retries: 1\n';
    const after = before
      .replace(' # the book', '')
      .replace(
        'max_retries: 1',
        "max_retries: 2\n        - task_key: 'add'\n          note: |\n            two\n            lines",
      );

    expect(changesOf(before, after, 'yaml')).toEqual([
      'resources.jobs.ledger.tasks[task_key=sum].max_retries: 1 → 2',
      'resources.jobs.ledger.tasks[task_key=add]: ∅ → {"task_key": "add", "note": "two\\nlines\\n"}',
    ]);
  });

  test('of a conf file: keys with dots are one key, the last of a repeated one counts', () => {
    const before = '# head\nspark.a 1\nspark.b  2\nspark.b  3\n';

    expect(changesOf(before, 'spark.b=3\nspark.b=4\nspark.a 1\n', 'conf')).toEqual(['spark.b: 3 → 4']);
    expect(changesOf(before, 'spark.b=3\nspark.c true\n', 'conf')).toEqual(['spark.c: ∅ → true', 'spark.a: 1 → ∅']);
  });
});

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

const NATURAL: Readonly<Record<string, string>> = {
  tasks: 'task_key',
  job_clusters: 'job_cluster_key',
  parameters: 'name',
  depends_on: 'task_key',
};

/** Another way to the meaning of a document: sorted plain data, in which null is not there. */
function meaningOf(value: Plain, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(meaningOf(item)));
    return name in NATURAL ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, own]) => own !== null);
  return entries.map(([key, own]) => [key, meaningOf(own, key)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Texts without what a template or an interpolation starts with: those are refused, not guessed. */
const word = fc.string().filter((text) => !/[{<$%]/.test(text));
const scalar: fc.Arbitrary<Plain> = fc.oneof(fc.constantFrom('', '1', 'a "b"', 'ü\n', true, null), fc.integer(), word);
const leaves = fc.dictionary(fc.constantFrom('a', 'b.c', '__proto__x', 'd e', 'new_cluster'), scalar, { maxKeys: 3 });
const keyed = (field: string, inner: fc.Arbitrary<Record<string, Plain>>) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'z w', 'q'), inner), { selector: ([key]) => key, maxLength: 3 })
    .map((items) => items.map(([key, own]) => ({ [field]: key, ...own })));
const task = fc.record({ n: scalar, m: leaves, depends_on: keyed('task_key', fc.constant({})) }, { requiredKeys: [] });
const settings = fc.record(
  {
    name: word,
    tasks: keyed('task_key', task),
    job_clusters: keyed('job_cluster_key', fc.record({ new_cluster: leaves }, { requiredKeys: [] })),
    parameters: keyed('name', fc.record({ default: word }, { requiredKeys: [] })),
    libraries: fc.array(leaves, { maxLength: 3 }),
    schedule: leaves,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Plain>;

/** The same value in other layouts: spaces, order of keys, order of keyed elements. */
function layouts(value: Plain, seed: number): string {
  const shuffle = (one: Plain, name = ''): Plain => {
    if (Array.isArray(one)) return (name in NATURAL && seed % 2 ? [...one].reverse() : one).map((item) => shuffle(item));
    if (typeof one !== 'object' || one === null) return one;
    const entries = Object.entries(one).map(([key, own]) => [key, shuffle(own, key)] as const);
    return Object.fromEntries(seed % 3 ? entries.reverse() : entries);
  };
  return JSON.stringify(shuffle(value), null, [undefined, 2, '\t'][seed % 3]);
}

describe('what two texts alone cannot tell', () => {
  test.each([
    ['a wrapper that comes', '{"job_id":1,"settings":{"a":1}}', '{"job_id":1,"settings":{"a":1},"new_settings":{"a":2}}'],
    ['a wrapper whose job_id goes', '{"job_id":1,"settings":{"a":1}}', '{"settings":{"a":1}}'],
  ])('%s is refused', (_, before, after) => {
    expect(deriveChanges('json', 'f.json', before, after)).toMatchObject({ ok: false, reason: { code: 'no_surface' } });
    expect(deriveChanges('json', 'f.json', after, before)).toMatchObject({ ok: false, reason: { code: 'no_surface' } });
  });

  test('one wrapper for the other is no change', () => {
    expect(deriveChanges('json', 'f.json', '{"job_id":1,"settings":{"a":1}}', '{"job_id":1,"new_settings":{"a":1}}')).toEqual({
      ok: true,
      value: [],
    });
  });

  test.each([
    ['an anchor that moves', 'a: &x 1\nb: 2\nc: *x\n', 'a: 1\nb: &x 2\nc: *x\n'],
    ['an alias behind another anchor', 'a: &x 1\nc: *x\nb: &x 50\n', 'a: &x 1\nb: &x 50\nc: *x\n'],
  ])('%s is refused', (_, before, after) => {
    expect(deriveChanges('yaml', 'f.yml', before, after)).toMatchObject({ ok: false, reason: { code: 'anchor_shared' } });
  });
});

describe('properties', () => {
  const layout = fc.nat(5);

  test('the changes from one text to another, made in the first, give what the second means', () => {
    fc.assert(
      fc.property(settings, settings, layout, layout, (one, other, left, right) => {
        const [before, after] = [layouts(one, left), layouts(other, right)];
        const derived = deriveChanges('json', 'f.json', before, after);
        if (!derived.ok) throw new Error(JSON.stringify(derived.reason));
        const made = applySettingsChanges(before, derived.value);
        expect(made.ok && meaningOf(JSON.parse(made.value)), JSON.stringify([before, after, derived.value, made])).toEqual(
          meaningOf(JSON.parse(after)),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('a text has no changes from another layout of itself', () => {
    fc.assert(
      fc.property(settings, layout, layout, (one, left, right) => {
        expect(changesOf(layouts(one, left), layouts(one, right))).toEqual([]);
        expect(changesOf(layouts(one, left), layouts(one, right), 'yaml')).toEqual([]);
      }),
    );
  });

  test('every change names one place, and its tokens mean what stands there', () => {
    fc.assert(
      fc.property(settings, settings, fc.constantFrom<EditFormat>('json', 'yaml'), (one, other, format) => {
        const [before, after] = [layouts(one, 1), layouts(other, 2)];
        const derived = deriveChanges(format, 'f', before, after);
        if (!derived.ok) throw new Error(JSON.stringify(derived.reason));
        expect(new Set(derived.value.map((change) => change.selector)).size).toBe(derived.value.length);
        for (const change of derived.value) {
          expect(valueAt(one, change), change.selector).toEqual(tokenValue(change, change.old));
          expect(valueAt(other, change), change.selector).toEqual(tokenValue(change, change.new));
        }
      }),
    );
  });
});

function tokenValue(change: Change, token: string | null): unknown {
  return token === null ? 'not there' : meaningOf(parseYaml(token), lastKeyOf(change));
}

function valueAt(value: Plain, change: Change): unknown {
  let found: unknown = value;
  for (const step of stepsOf(change)) {
    if ('key' in step) found = isMap(found) && Object.hasOwn(found, step.key) ? found[step.key] : undefined;
    else
      found = Array.isArray(found) ? found.find((item: unknown) => isMap(item) && item[step.where] === step.equals) : undefined;
  }
  return found === undefined ? 'not there' : meaningOf(found as Plain, lastKeyOf(change));
}

function stepsOf({ selector }: Change) {
  const steps = parseSelector(selector);
  if (!steps.ok) throw new Error(selector);
  return steps.value;
}

function lastKeyOf(change: Change): string {
  const last = stepsOf(change).at(-1);
  return last && 'key' in last ? last.key : '';
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
