import type { JobReference, LabelMatcher, Target, TargetKind } from '../model/target.ts';
import type { Located } from './located.ts';
import { isScalar, type Report, Section, show } from './section.ts';

const KEYS = ['name', 'match', 'files', 'kind', 'applied_by', 'workspace', 'job', 'task', 'cluster', 'rerun', 'streaming'];
const KINDS = ['job-json', 'bundle', 'spark-conf', 'file'] as const;
/** Who may apply which kind: only job settings have an API of ours, and a bundle's job belongs to its bundle. */
const APPLIED_BY: Readonly<Record<TargetKind, readonly Target['appliedBy'][]>> = {
  'job-json': ['sluice', 'pipeline'],
  bundle: ['pipeline'],
  'spark-conf': ['merge', 'pipeline'],
  file: ['pipeline'],
};

/** Reads the list `targets`; names must be unique. */
export function readTargets(nodes: readonly Located[], report: Report): readonly Target[] {
  const seen = new Set<string>();
  return nodes.map((node) => {
    const target = readTarget(node, report);
    if (target.name !== '' && seen.has(target.name))
      report(node.line, `two targets are named ${target.name}`, 'Give each target its own name.');
    seen.add(target.name);
    return target;
  });
}

function readTarget(node: Located, report: Report): Target {
  const section = new Section(node, 'target', KEYS, report);
  const name = section.needed('name', isName, 'Use letters, digits, dots, dashes and underscores, such as orders-nightly.');
  if (section.at('kind') === null) section.lack('kind', `Use ${KINDS.join(' or ')}.`);
  const kind = section.oneOf('kind', KINDS, 'job-json');
  const allowed = APPLIED_BY[kind];
  const appliedBy = section.oneOf('applied_by', allowed, allowed[0] ?? 'pipeline');
  const workspace = section.text('workspace', isName, 'Use the name in SLUICE_WORKSPACE_<NAME>_HOST, not an address.');
  const job = readJob(section, kind);
  const listed = section.at('files');
  if (listed === null || (listed.kind === 'list' && listed.items.length === 0))
    section.lack('files', 'List the files that define it, such as files: [jobs/orders.json].');
  if (appliedBy === 'sluice' && section.at('workspace') === null)
    section.lack('workspace', 'Name the workspace that Sluice applies to.');
  return {
    name,
    line: section.line,
    match: readMatchers(section.at('match'), section, report),
    files: section.texts(
      'files',
      [],
      isFile,
      'Use paths from the repository’s root, without *, .. or backslashes, outside .github/, .sluice/ and runbooks/.',
    ),
    kind,
    appliedBy,
    workspace,
    job,
    taskKey: section.text('task', isText, 'Use the task_key.'),
    clusterKey: section.text('cluster', isText, 'Use the job_cluster_key.'),
    rerun: section.oneOf('rerun', ['never', 'repair', 'run-now'], 'never'),
    streaming: section.flag('streaming', false),
  };
}

function readMatchers(node: Located | null, section: Section, report: Report): readonly LabelMatcher[] {
  const fix = 'Write labels of the alert, such as match: {job_id: "42"}.';
  if (node === null) section.lack('match', fix);
  else if (node.kind !== 'map') section.fault('match', `is ${show(node)}, not a map`, fix);
  else if (node.members.size === 0) section.fault('match', 'has no labels', fix);
  if (node === null) return [];
  return [...node.members].flatMap(([label, value]): LabelMatcher[] => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
      report(value.line, `match has the label ${show({ ...value, kind: 'text', text: label })}`, 'Use a Prometheus label name.');
    if (isScalar(value)) return [{ label, op: '=', value: value.text }];
    if (value.kind !== 'map') {
      report(value.line, `match.${label} is ${show(value)}, not a text`, 'Write one text, or {regex: "one|another"}.');
      return [];
    }
    const regex = new Section(value, `match.${label}`, ['regex'], report).needed(
      'regex',
      isRegex,
      'Use {regex: "…"} without lookaround, back references or repeated repetition.',
    );
    return [{ label, op: '=~', value: regex }];
  });
}

function readJob(section: Section, kind: TargetKind): JobReference | null {
  if (section.at('job') === null) {
    if (kind === 'job-json' || kind === 'bundle')
      section.lack(
        'job',
        kind === 'bundle'
          ? 'Write job: {bundle: <resource key>, target: <bundle target>}.'
          : 'Write job: {id: …} or job: {name: …}.',
      );
    return null;
  }
  const job = section.section('job', ['id', 'name', 'bundle', 'target']);
  const given = ['id', 'name', 'bundle'].filter((key) => job.at(key) !== null);
  if (given.length !== 1 && section.at('job')?.kind === 'map')
    section.fault(
      'job',
      `names ${given.length === 0 ? 'no job' : given.join(' and ')}`,
      'Use exactly one of id, name and bundle.',
    );
  if (kind === 'bundle' && given.length === 1 && given[0] !== 'bundle')
    section.fault('job', `is given by ${given[0]}`, 'A bundle’s job is named by its resource key: {bundle: …, target: …}.');
  const id = job.text('id', (text) => /^[1-9]\d{0,18}$/.test(text), 'Use the digits of the job id.');
  const name = job.text('name', isText, 'Use the exact name of the job.');
  const resource = job.text('bundle', isText, 'Use the key under resources.jobs.');
  if (id !== null) return { by: 'id', id };
  if (name !== null) return { by: 'name', name };
  if (resource === null) return null;
  return {
    by: 'bundle',
    resource,
    bundleTarget: job.needed('target', isText, 'Name the bundle target that is deployed, such as prod.'),
  };
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);
}

function isText(text: string): boolean {
  return text.trim() !== '' && text.length <= 4096;
}

function isFile(text: string): boolean {
  return (
    /^[^/\\*?\p{Cc}][^\\*?\p{Cc}]*$/u.test(text) &&
    !text.split('/').some((part) => part === '' || part === '.' || part === '..') &&
    !/^(?:\.github|\.sluice|runbooks)\//i.test(text)
  );
}

/** Label values come from outside: an expression that can take exponential time on one of them is refused here. */
function isRegex(text: string): boolean {
  if (
    text.length > 500 ||
    (text.match(/[*+{]/g) ?? []).length > 4 ||
    /\(\?[=!<]|\\[1-9k]|[*+}]\)*[*+{]|\([^)]*[*+}|][^)]*\)[*+{]/.test(text)
  )
    return false;
  try {
    return new RegExp(`^(?:${text})$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
