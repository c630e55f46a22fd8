import { describe, expect, test } from 'vitest';
import {
  applyChange,
  applyChanges,
  type EditFormat,
  editText,
  formatOf,
  leafChange,
  meaningOf,
  proposeChange,
  readLexeme,
  type Scalar,
} from '../../../src/core/edit/edit.ts';
import { settingsRoot, shadowedBy } from '../../../src/core/edit/root.ts';
import { applySettingsChanges, heldIn } from '../../../src/core/edit/settings.ts';
import { inverseOf } from '../../../src/core/record.ts';
import { parsePointer, parseSelector } from '../../../src/core/selector.ts';
import type { SelectorStep } from '../../../src/model/change.ts';
import { valueIn } from '../outcome.ts';

const JOB = `{
  // nightly orders
  "name": "orders \\u00e9",
  "job_id": 9007199254740993,
  "max_concurrent_runs": 1.0,
  "tasks": [
    {"task_key": "load", "max_retries": 1, "new": true},
    {"task_key": "sum", "max_retries": 2}
  ],
  "job_clusters": [
    {
      "job_cluster_key": "main",
      "new_cluster": {
        "num_workers": 8, // agreed
        "spark_conf": {
          "spark.sql.shuffle.partitions": "200"
        }
      }
    },
    {
      "job_cluster_key": "bare",
      "new_cluster": {"num_workers": 2}
    }
  ]
}
`;

const BUNDLE = `bundle: {name: b}
variables: {p: {default: "1"}}
resources:
  jobs:
    orders: # ours
      name: orders
      max_concurrent_runs: 1
      job_clusters:
        - job_cluster_key: main
          new_cluster:
            node_type_id: m5.xlarge
            num_workers: 8   # agreed
            autoscale: {min_workers: 1, max_workers: 4}
            spark_conf:
              spark.a: "200"
              spark.b: '100'
              spark.c: 300
              spark.d: on
              spark.e: \${var.p}
        - job_cluster_key: empty
          new_cluster:
            num_workers: 1
            spark_conf:
targets:
  dev:
    resources:
      jobs:
        orders:
          job_clusters:
            - job_cluster_key: main
              new_cluster:
                num_workers: 1
  prod: {}
`;

function stepsOf(selector: string): readonly SelectorStep[] {
  const steps = parseSelector(selector);
  if (!steps.ok) throw new Error(selector);
  return steps.value;
}

/** The changed lines, as `-old` and `+new`. */
function changedLines(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const IN_ORDERS = 'resources.jobs.orders.';
const MAIN = 'job_clusters[job_cluster_key=main].new_cluster';

const PROPOSED: readonly {
  name: string;
  format: EditFormat;
  text: string;
  selector: string;
  value: Scalar;
  old: string | null;
  new: string;
  selects?: string;
}[] = [
  {
    name: 'a conf value stays a string',
    format: 'json',
    text: JOB,
    selector: `${MAIN}.spark_conf["spark.sql.shuffle.partitions"]`,
    value: 400,
    old: '"200"',
    new: '"400"',
  },
  {
    name: 'a number stays a number',
    format: 'json',
    text: JOB,
    selector: `${MAIN}.num_workers`,
    value: '12',
    old: '8',
    new: '12',
  },
  {
    name: 'a natural key picks its element',
    format: 'json',
    text: JOB,
    selector: 'tasks[task_key=sum].max_retries',
    value: 3,
    old: '2',
    new: '3',
  },
  {
    name: 'an equal value keeps its own spelling',
    format: 'json',
    text: JOB,
    selector: 'name',
    value: 'orders é',
    old: '"orders \\u00e9"',
    new: '"orders \\u00e9"',
  },
  {
    name: 'a boolean stays a boolean',
    format: 'json',
    text: JOB,
    selector: 'tasks[task_key=load].new',
    value: 'false',
    old: 'true',
    new: 'false',
  },
  {
    name: 'a new key takes the type of its value',
    format: 'json',
    text: JOB,
    selector: `${MAIN}.enable_elastic_disk`,
    value: true,
    old: null,
    new: 'true',
  },
  {
    name: 'a new conf key is a string',
    format: 'json',
    text: JOB,
    selector: `${MAIN}.spark_conf["spark.x"]`,
    value: 5,
    old: null,
    new: '"5"',
  },
  {
    name: 'missing parents are added with nothing but the value',
    format: 'json',
    text: JOB,
    selector: 'job_clusters[job_cluster_key=bare].new_cluster.spark_conf["spark.x"]',
    value: 5,
    old: null,
    new: '{"spark.x": "5"}',
    selects: 'job_clusters[job_cluster_key=bare].new_cluster.spark_conf',
  },
  {
    name: 'double quotes stay',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.spark_conf["spark.a"]`,
    value: 400,
    old: '"200"',
    new: '"400"',
  },
  {
    name: 'single quotes stay',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.spark_conf["spark.b"]`,
    value: "it's",
    old: "'100'",
    new: "'it''s'",
  },
  {
    name: 'a plain conf number becomes the string that Spark reads',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.spark_conf["spark.c"]`,
    value: 400,
    old: '300',
    new: "'400'",
  },
  {
    name: 'a plain text stays plain',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.node_type_id`,
    value: 'm5.2xlarge',
    old: 'm5.xlarge',
    new: 'm5.2xlarge',
  },
  {
    name: 'a plain text that would read as a boolean is quoted',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.node_type_id`,
    value: 'no',
    old: 'm5.xlarge',
    new: '"no"',
  },
  {
    name: 'flow maps take a value',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.autoscale.max_workers`,
    value: 8,
    old: '4',
    new: '8',
  },
  {
    name: 'a new conf key follows its plain neighbour where it can',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}${MAIN}.spark_conf["spark.f"]`,
    value: '8g',
    old: null,
    new: '8g',
  },
  {
    name: 'an empty map gets its first key',
    format: 'yaml',
    text: BUNDLE,
    selector: `${IN_ORDERS}job_clusters[job_cluster_key=empty].new_cluster.spark_conf["spark.f"]`,
    value: 1,
    old: null,
    new: '"1"',
  },
  {
    name: 'a conf file takes the value as it is',
    format: 'conf',
    text: 'spark.a  1\n',
    selector: '["spark.a"]',
    value: 2,
    old: '1',
    new: '2',
    selects: 'spark.a',
  },
  {
    name: 'the last of repeated conf lines is edited',
    format: 'conf',
    text: 'a=1\na=2\n',
    selector: 'a',
    value: 3,
    old: '2',
    new: '3',
  },
];

describe('a proposed change', () => {
  test.each(PROPOSED)('$name', ({ format, text, selector, value, old, new: next, selects }) => {
    const change = proposeChange(format, 'f', text, stepsOf(selector), value, { bundleTarget: 'prod' });

    expect(change).toEqual({ ok: true, value: { file: 'f', selector: selects ?? selector, old, new: next } });
    if (!change.ok) return;
    const applied = valueIn(applyChange(format, text, change.value)).text;
    expect(readLexeme(format, applied, change.value.selector)).toEqual({ ok: true, value: next });
    expect(valueIn(applyChanges(format, applied, inverseOf([change.value]))).text).toBe(text);
  });

  test('changes one line, keeps its comment, and says which line', () => {
    const change = proposeChange('yaml', 'f', BUNDLE, stepsOf(`${IN_ORDERS}${MAIN}.num_workers`), 10, { bundleTarget: 'prod' });
    const applied = valueIn(applyChange('yaml', BUNDLE, valueIn(change)));

    expect(applied.line).toBe(12);
    expect(changedLines(BUNDLE, applied.text)).toEqual([
      '-            num_workers: 8   # agreed',
      '+            num_workers: 10   # agreed',
    ]);
  });

  test('a new key is written in the file’s own layout', () => {
    const change = proposeChange('json', 'f', JOB, stepsOf(`${MAIN}.spark_conf["spark.x"]`), '1');
    const applied = valueIn(applyChange('json', JOB, valueIn(change)));

    expect(changedLines(JOB, applied.text)).toEqual([
      '-          "spark.sql.shuffle.partitions": "200"',
      '+          "spark.sql.shuffle.partitions": "200",',
      '+          "spark.x": "1"',
    ]);
    expect(applied.line).toBe(17);
  });

  test('of a template is refused', () => {
    expect(proposeChange('yaml', 'jobs/a.yml.tmpl', 'a: 1\n', [{ key: 'a' }], 2)).toMatchObject({
      ok: false,
      reason: { code: 'parse_failed' },
    });
  });
});

const REFUSED: readonly { name: string; format: EditFormat; text: string; pointer: string; value: Scalar; code: string }[] = [
  { name: 'a text where a number stands', format: 'json', text: '{"a": 1}', pointer: '/a', value: 'x', code: 'type_mismatch' },
  {
    name: 'a number that JSON cannot hold',
    format: 'json',
    text: '{"a": 1}',
    pointer: '/a',
    value: Number.NaN,
    code: 'type_mismatch',
  },
  { name: 'an object in one go', format: 'json', text: '{"a": {}}', pointer: '/a', value: 'x', code: 'type_mismatch' },
  { name: 'a key below a number', format: 'json', text: '{"a": 1}', pointer: '/a/b', value: 'x', code: 'type_mismatch' },
  { name: 'an element beyond the list', format: 'json', text: '{"a": [1]}', pointer: '/a/1', value: 2, code: 'pointer_missing' },
  { name: 'a repeated key', format: 'json', text: '{"a": 1, "a": 2}', pointer: '/a', value: 3, code: 'key_duplicate' },
  {
    name: 'a repeated parent',
    format: 'json',
    text: '{"a": {"b": 1}, "a": {"b": 2}}',
    pointer: '/a/b',
    value: 3,
    code: 'key_duplicate',
  },
  {
    name: 'a repeated key spelled differently',
    format: 'json',
    text: '{"a": 1, "\\u0061": 2}',
    pointer: '/a',
    value: 3,
    code: 'key_duplicate',
  },
  { name: 'broken JSON', format: 'json', text: '{"a": 1', pointer: '/a', value: 3, code: 'parse_failed' },
  { name: 'nothing', format: 'json', text: '', pointer: '/a', value: 3, code: 'parse_failed' },
  { name: 'nesting without an end', format: 'json', text: '['.repeat(200_000), pointer: '/a', value: 3, code: 'parse_failed' },
  { name: 'an interpolated value', format: 'yaml', text: `a: \${var.x}\n`, pointer: '/a', value: 3, code: 'interpolated' },
  {
    name: 'a partly interpolated value',
    format: 'yaml',
    text: `a: "x-\${var.x}"\n`,
    pointer: '/a',
    value: '3',
    code: 'interpolated',
  },
  {
    name: 'a key below an interpolated map',
    format: 'yaml',
    text: `a: \${var.x}\n`,
    pointer: '/a/b',
    value: '3',
    code: 'interpolated',
  },
  {
    name: 'an interpolation as new value',
    format: 'yaml',
    text: 'a: b\n',
    pointer: '/a',
    value: `\${var.x}`,
    code: 'type_mismatch',
  },
  { name: 'an aliased value', format: 'yaml', text: 'x: &v 1\na: *v\n', pointer: '/a', value: 3, code: 'anchor_shared' },
  {
    name: 'a value whose anchor is used elsewhere',
    format: 'yaml',
    text: 'a: &v 1\nx: *v\n',
    pointer: '/a',
    value: 3,
    code: 'anchor_shared',
  },
  {
    name: 'a value below an anchor that is used elsewhere',
    format: 'yaml',
    text: 'a: &v {b: 1}\nx: *v\n',
    pointer: '/a/b',
    value: 3,
    code: 'anchor_shared',
  },
  {
    name: 'a value that a merge key gives',
    format: 'yaml',
    text: 'x: &v {b: 1}\na:\n  <<: *v\n',
    pointer: '/a/b',
    value: 3,
    code: 'anchor_shared',
  },
  { name: 'a repeated YAML key', format: 'yaml', text: 'a: 1\na: 2\n', pointer: '/a', value: 3, code: 'key_duplicate' },
  { name: 'several YAML documents', format: 'yaml', text: 'a: 1\n---\na: 2\n', pointer: '/a', value: 3, code: 'parse_failed' },
  { name: 'a Helm template', format: 'yaml', text: 'a: {{ .Values.a }}\nb: 1\n', pointer: '/b', value: 3, code: 'parse_failed' },
  { name: 'a Jinja template', format: 'yaml', text: '{% if x %}\nb: 1\n', pointer: '/b', value: 3, code: 'parse_failed' },
  { name: 'a Jinja value', format: 'yaml', text: 'a: {% x %}\nb: 1\n', pointer: '/b', value: 3, code: 'parse_failed' },
  { name: 'a block scalar', format: 'yaml', text: 'a: |\n  x\n', pointer: '/a', value: 'y', code: 'type_mismatch' },
  { name: 'a key after a block scalar', format: 'yaml', text: 'a: |\n  x\n', pointer: '/b', value: 'y', code: 'no_surface' },
  {
    name: 'a conf file with continued lines',
    format: 'conf',
    text: 'a 1\\\n2\n',
    pointer: '/a',
    value: '3',
    code: 'parse_failed',
  },
  { name: 'a line break in a conf value', format: 'conf', text: 'a 1\n', pointer: '/a', value: '3\nb 4', code: 'type_mismatch' },
  { name: 'a conf key without a separator', format: 'conf', text: 'a\n', pointer: '/a', value: '3', code: 'no_surface' },
  { name: 'a conf key that cannot be one', format: 'conf', text: 'a 1\n', pointer: '/b c', value: '3', code: 'no_surface' },
];

describe('an edit', () => {
  test.each(REFUSED)('$name is refused', ({ format, text, pointer, value, code }) => {
    const path = parsePointer(pointer);

    expect(path.ok && editText(format, text, path.value, { set: value })).toMatchObject({ ok: false, reason: { code } });
  });

  test('of one element by its index works for a pointer', () => {
    const edited = editText('json', JOB, [{ key: 'tasks' }, { index: 1 }, { key: 'max_retries' }], { set: '5' });

    expect(edited).toMatchObject({ ok: true, value: { old: '2', new: '5', line: 8, warnings: [] } });
    expect(edited.ok && edited.value.text).toBe(JOB.replace('"max_retries": 2', '"max_retries": 5'));
  });

  test('warns about repeated keys beside the path and keeps them', () => {
    const text = '{"a": 1, "b": [{"c": 1, "c": 2}], "d": 1}';
    const edited = editText('json', text, [{ key: 'd' }], { set: 2 });

    expect(edited.ok && edited.value.text).toBe('{"a": 1, "b": [{"c": 1, "c": 2}], "d": 2}');
    expect(edited.ok && edited.value.warnings).toEqual([
      { code: 'key_duplicate', subject: '/b/0/c', expected: 'each key once', observed: '2 times' },
    ]);
  });

  test('warns about earlier conf lines that have no effect', () => {
    expect(editText('conf', 'a 1\na 2\n', [{ key: 'a' }], { set: 3 })).toMatchObject({
      ok: true,
      value: { text: 'a 1\na 3\n', line: 2, warnings: [{ subject: '/a' }] },
    });
  });

  test('can refuse a key that is not there', () => {
    expect(editText('json', '{"a": 1}', [{ key: 'b' }], { set: 1, missing: 'refuse' })).toMatchObject({
      ok: false,
      reason: { code: 'pointer_missing' },
    });
  });

  test('keeps int64, exponents, escapes, comments, a byte order mark and CRLF', () => {
    const text = '\ufeff{\r\n\t"id": 9007199254740993, // c\r\n\t"x": 1e5,\r\n\t"y": 1.0, "z": "\\u00e9"\r\n}';
    const edited = editText('json', text, [{ key: 'y' }], { set: '2.50' });

    expect(edited.ok && edited.value.text).toBe(text.replace('1.0', '2.50'));
  });

  test('a dotted step is a key, never a path, in a conf map', () => {
    const text = '{"spark_conf": {"a.b": "1", "a": {"b": "2"}}}';

    expect(editText('json', text, [{ key: 'spark_conf' }, { key: 'a.b' }], { set: 3 })).toMatchObject({
      ok: true,
      value: { text: text.replace('"1"', '"3"') },
    });
  });
});

describe('a natural key', () => {
  test.each([
    ['tasks[task_key=nobody].max_retries', 'pointer_missing'],
    ['tasks[task_key=twice].max_retries', 'key_duplicate'],
    ['tasks[other=1].max_retries', 'pointer_missing'],
    ['name[task_key=a].max_retries', 'pointer_missing'],
    ['gone[task_key=a].max_retries', 'pointer_missing'],
  ])('%s is %s', (selector, code) => {
    const text = '{"name": "x", "tasks": [{"task_key": "twice"}, {"task_key": "twice"}, {"task_key": "a"}, 5]}';

    expect(readLexeme('json', text, selector)).toMatchObject({ ok: false, reason: { code } });
  });

  test('is not told apart from an aliased element', () => {
    expect(readLexeme('yaml', 'x: &t {k: a}\nl: [*t, {k: b, v: 1}]\n', 'l[k=b].v')).toMatchObject({
      ok: false,
      reason: { code: 'anchor_shared' },
    });
    expect(readLexeme('yaml', 'x: &t {k: a}\nl:\n- <<: *t\n- {k: b, v: 1}\n', 'l[k=b].v')).toMatchObject({
      ok: false,
      reason: { code: 'anchor_shared' },
    });
  });
});

describe('applying a change', () => {
  const selector = `${MAIN}.num_workers`;

  test.each([
    ['another value', '9', '10', 'type_mismatch'],
    ['another spelling', '8.0', '10', 'type_mismatch'],
    ['a key that should not be there', null, '10', 'type_mismatch'],
  ])('is refused when the file holds %s', (_, old, next, code) => {
    expect(applyChange('json', JOB, { selector, old, new: next })).toMatchObject({ ok: false, reason: { code, observed: '8' } });
  });

  test('is refused when the key is gone', () => {
    expect(applyChange('json', JOB, { selector: `${MAIN}.gone`, old: '1', new: '2' })).toMatchObject({
      ok: false,
      reason: { code: 'pointer_missing' },
    });
  });

  test.each([['1, "evil": 2'], ['1 // x'], [' 1'], ['1}'], [''], ['{"a": 1}'], ['[1]'], ['x']])(
    'a lexeme that is more than one value is refused: %s',
    (next) => {
      expect(applyChange('json', JOB, { selector, old: '8', new: next })).toMatchObject({ ok: false });
    },
  );

  test.each([['{"a": 1, "b": 2}'], ['[1]'], ['{}'], ['{"a": [1]}'], ['1, "c": 2']])(
    'an added map brings one value and no second one: %s',
    (next) => {
      expect(applyChange('json', JOB, { selector: `${MAIN}.spark_env_vars`, old: null, new: next })).toMatchObject({ ok: false });
    },
  );

  test('a YAML lexeme cannot bring in an alias, an interpolation or a second line', () => {
    for (const next of ['*x', `\${var.x}`, '1\n  evil: 2', '1 # c', '|\n  x', '&a 1'])
      expect(applyChange('yaml', 'a: 1\nx: &x 2\ny: *x\n', { selector: 'a', old: '1', new: next })).toMatchObject({ ok: false });
  });

  test('several changes are applied all or none, each with its line in the result', () => {
    const first = { selector: `${MAIN}.spark_conf["spark.x"]`, old: null, new: '"1"' };
    const second = { selector: 'name', old: '"orders \\u00e9"', new: '"o"' };

    expect(applyChanges('json', JOB, [first, second])).toMatchObject({ ok: true, value: { lines: [17, 3] } });
    expect(applyChanges('json', JOB, [first, { ...second, old: '"x"' }])).toMatchObject({ ok: false });
  });

  test('a parent added for one value shows that value to limits and permitted keys', () => {
    const change = { file: 'f', selector: 'a.spark_conf', old: null, new: '{"spark.x": "5"}' };
    const leaf = { file: 'f', selector: 'a.spark_conf["spark.x"]', old: null, new: '"5"' };

    expect(leafChange('json', change)).toEqual({ ok: true, value: leaf });
    const [taken, back] = [inverseOf([change])[0], inverseOf([leaf])[0]];
    expect(taken && leafChange('json', taken)).toEqual({ ok: true, value: back });
    expect(leafChange('json', leaf)).toEqual({ ok: true, value: leaf });
    expect(leafChange('json', { ...change, new: '{"a": 1, "b": 2}' })).toMatchObject({ ok: false });
  });
});

describe('the settings of a job file', () => {
  test.each([
    ['{"name": "x", "tasks": []}', []],
    ['{"job_id": 1, "settings": {"name": "x"}}', [{ key: 'settings' }]],
    ['{"job_id": 1, "new_settings": {"name": "x"}}', [{ key: 'new_settings' }]],
    ['{"settings": {"name": "x"}}', []],
    ['{"job_id": 1, "settings": 5}', []],
    ['broken', []],
  ])('%s have their root', (text, root) => {
    expect(settingsRoot(text)).toEqual(root);
  });

  test('one selector fits the file and the live settings', () => {
    const live = '{"name":"x","max_concurrent_runs":1}';
    const file = `{"job_id": 1, "settings": ${live}}`;
    const change = proposeChange('json', 'f', file, [{ key: 'settings' }, { key: 'max_concurrent_runs' }], 2);

    expect(change).toEqual(proposeChange('json', 'f', file, [{ key: 'max_concurrent_runs' }], 2));
    expect(change).toEqual({ ok: true, value: { file: 'f', selector: 'max_concurrent_runs', old: '1', new: '2' } });
    expect(change.ok && applySettingsChanges(live, [change.value])).toEqual({ ok: true, value: live.replace(':1}', ':2}') });
    expect(change.ok && heldIn(live, change.value)).toEqual({ ok: true, value: { old: true, new: false, lexeme: '1' } });
  });
});

describe('a bundle target’s override', () => {
  const path = stepsOf(`${IN_ORDERS}${MAIN}.num_workers`);

  test('refuses an edit that it would hide, unless the edit is for another target', () => {
    expect(editText('yaml', BUNDLE, path, { set: 9 })).toMatchObject({ ok: false, reason: { code: 'value_shadowed' } });
    expect(editText('yaml', BUNDLE, path, { set: 9 }, { bundleTarget: 'dev' })).toMatchObject({
      ok: false,
      reason: { code: 'value_shadowed' },
    });
    expect(editText('yaml', BUNDLE, path, { set: 9 }, { bundleTarget: 'prod' })).toMatchObject({ ok: true });
  });

  test('is an override when it cannot be followed', () => {
    const text = `targets:\n  dev:\n    resources:\n      jobs:\n        orders:\n          job_clusters: \${var.c}\n`;

    expect(shadowedBy(text, path)).toEqual({ ok: true, value: 'dev' });
    expect(shadowedBy('targets: {}\n', path)).toEqual({ ok: true, value: null });
    expect(shadowedBy('a: {{ x }}\n', path)).toMatchObject({ ok: false });
  });
});

test.each([
  ['jobs/a.json', 'json'],
  ['a.jsonc', 'json'],
  ['terraform.tfvars.json', 'json'],
  ['databricks.yml', 'yaml'],
  ['values.YAML', 'yaml'],
  ['conf/spark-defaults.conf', 'conf'],
  ['databricks.yml.tmpl', null],
  ['main.tf', null],
  ['json', null],
])('%s is edited as %s', (file, format) => {
  expect(formatOf(file)).toBe(format);
});

test('lexemes are compared across formats by what they mean', () => {
  expect(meaningOf('yaml', "'400'")).toBe(meaningOf('json', '"400"'));
  expect(meaningOf('yaml', '400')).not.toBe(meaningOf('json', '"400"'));
  expect(meaningOf('conf', '400')).toBe('string:400');
  expect(meaningOf('json', '{}')).toBe('{}');
});
