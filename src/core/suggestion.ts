import type { Signal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';

type Labelled = Pick<Signal, 'alertname' | 'labels'>;

/**
 * Labels that say what an alert is about and stay the same when it comes again, by what they name; of each the first that the alert has, in
 * this order. The names are those of Databricks, of the exporters that the runbooks read, and of Spark.
 */
const IDENTITIES: readonly (readonly string[])[] = [
  ['job_id', 'job_name'],
  ['consumergroup', 'consumer_group', 'group', 'groupId', 'dimension_Consumer_Group'],
  ['topic', 'dimension_Topic'],
  ['stream', 'stream_name', 'dimension_StreamName'],
  ['query_name'],
  ['application_name', 'app_name'],
  ['job'],
];
/** Labels that tell instances of one alert apart, or say how loud it is; a target that named them would miss the next alert. */
const PASSING = [
  ...['alertname', 'instance', 'pod', 'severity', 'prometheus', 'replica', 'endpoint', 'container', 'uid', 'alertgroup'],
  ...['workspace', 'workspace_id', 'run_id', 'task_key', 'error', 'application_id', 'app_id', 'executor_id', 'partition'],
];
/** Matchers of a suggestion, the alert's name among them: more would miss the next alert about the same thing. */
const MOST_MATCHERS = 3;

/** YAML of a target that this alert would match, to be completed by a person: what only they know says REPLACE-WITH-…. */
export function suggestedTarget({ alertname, labels }: Labelled, targets: readonly Pick<Target, 'workspace'>[]): string {
  const matchers = identityOf(labels).map((name) => [`      ${quoted(name)}: ${quoted(labels[name] ?? '')}`, '']);
  const alone = 'this alert has no label that says what it is about: add one to its rule, and here';
  const known = targets.map((target) => target.workspace).find((name) => name !== null && name === labels.workspace);
  return commented([
    ['  - name: REPLACE-WITH-NAME', 'your name for it, such as orders-nightly'],
    ['    match:', 'all of these labels must be on an alert'],
    [
      `      alertname: ${quoted(alertname)}`,
      matchers.length === 0 ? alone : 'take this line out to match every alert with the labels below',
    ],
    ...matchers,
    ['    files: [jobs/REPLACE-WITH-FILE.json]', 'what Sluice may edit: the job’s settings in this repository'],
    ['    kind: job-json', 'or bundle, spark-conf, file'],
    ['    applied_by: sluice', 'the Action writes the job once an owner approved; pipeline: your own deployment does'],
    [`    workspace: ${known ?? 'REPLACE-WITH-WORKSPACE'}`, 'the name in SLUICE_WORKSPACE_<NAME>_HOST, in lower case'],
    [`    job: ${jobOf(labels)}`, 'the Databricks job: {id: "…"}, or {name: …} where the name is unique'],
  ]);
}

/** A whole first config with this alert's target. */
export function starterConfig(signal: Labelled): string {
  return [
    '# What Sluice may do in this repository. `npx sluice check` names every fault of this file with its line.',
    'mode: shadow  # only say the plan on the issue; propose: open a draft; execute: merge and apply once approved',
    'targets:',
    suggestedTarget(signal, []),
  ].join('\n');
}

/** The labels that a target should match; where none is known by name, those that are not known to pass, by name. */
function identityOf(labels: Signal['labels']): readonly string[] {
  const has = (name: string) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && Object.hasOwn(labels, name) && labels[name] !== '';
  const known = IDENTITIES.flatMap((names) => names.filter(has).slice(0, 1));
  const others = Object.keys(labels).filter((name) => has(name) && !PASSING.includes(name));
  return (known.length > 0 ? known : others.sort()).slice(0, MOST_MATCHERS - 1);
}

function jobOf({ job_id: id = '', job_name: name = '' }: Signal['labels']): string {
  if (/^[1-9]\d{0,18}$/.test(id)) return `{id: ${quoted(id)}}`;
  return `{name: ${name.trim() === '' ? 'REPLACE-WITH-JOB-NAME' : quoted(name)}}`;
}

/** Lines with their comments in one column, as far as that is readable. */
function commented(lines: readonly (readonly string[])[]): string {
  const width = Math.min(48, Math.max(...lines.map(([line = '']) => line.length)));
  return lines.map(([line = '', comment]) => `${comment ? `${line.padEnd(width)}  # ${comment}` : line}\n`).join('');
}

/** A YAML string in double quotes: JSON's escapes, and none of the characters that YAML or a reader would take for something else. */
function quoted(text: string): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[^ -~\p{L}\p{M}\p{N}\p{P}\p{S}]|[`<>]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => escaped(char[at] ?? '')).join(''),
  );
}
