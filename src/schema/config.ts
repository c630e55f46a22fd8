import type { ApprovalPolicy, Config, Limits } from '../model/config.ts';
import type { Fault } from '../model/reason.ts';
import { readTargets } from './config-target.ts';
import { reportTexts } from './config-text.ts';
import { readFreezes, readWindows } from './config-window.ts';
import { readLocated } from './located.ts';
import { type Report, reportInto, Section } from './section.ts';

const KEYS = [
  'mode',
  'investigate',
  'merge',
  'door',
  'targets',
  'identity_labels',
  'windows',
  'freezes',
  'limits',
  'approvals',
  'protection',
  'rollback',
  'verify',
  'reopen_within',
  'proposal_ttl',
  'deploy_within',
];
const IDENTITY_LABELS = ['job_id', 'job_name', 'consumergroup', 'topic', 'stream_name'];

const MEND = 'Mend the YAML there: indentation by spaces, brackets and quotes closed, each key once, each anchor before its use.';

/** Reads .github/sluice.yml. Either the whole config with its defaults, or all faults at once, each with its line and how to mend it. */
export function parseConfig(
  text: string,
  file = '.github/sluice.yml',
): { readonly ok: true; readonly value: Config } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const report = reportInto(faults, 'config_invalid', file);
  const read = readLocated(text);
  for (const { line, message } of read.faults) report(line, message, MEND);
  if (read.value === null) return { ok: false, faults };
  if (read.value.kind === 'null') report(1, 'the file is empty', 'Start with a line `targets: []`.');
  reportTexts(read.value, report);
  const value = readConfig(new Section(read.value, 'config', KEYS, report), report);
  return faults.length === 0 ? { ok: true, value } : { ok: false, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function readConfig(section: Section, report: Report): Config {
  const door = section.oneOf('door', ['app', 'action'], 'app');
  return {
    mode: section.oneOf('mode', ['shadow', 'propose', 'execute'], 'shadow'),
    investigate: section.oneOf('investigate', ['auto', 'command'], 'auto'),
    merge: section.oneOf('merge', ['manual', 'auto'], 'manual'),
    door,
    targets: readTargets(section.items('targets'), report),
    identityLabels: section.texts(
      'identity_labels',
      IDENTITY_LABELS,
      (text) => /^[a-zA-Z_]\w*$/.test(text),
      'Use Prometheus label names.',
    ),
    ...readWindows(section.at('windows'), report),
    freezes: readFreezes(section.items('freezes'), report),
    limits: readLimits(section),
    approvals: readApprovals(section, door),
    protection: section.oneOf('protection', ['advisory', 'required'], 'advisory'),
    rollback: section.oneOf('rollback', ['auto', 'propose'], 'auto'),
    reopenWithinHours: section.minutes('reopen_within', 24 * 60) / 60,
    proposalTtlHours: section.minutes('proposal_ttl', 24 * 60) / 60,
    deployWithinMinutes: section.minutes('deploy_within', 60),
    verifyWaitMinutes: section.section('verify', ['wait']).minutes('wait', 10),
  };
}

function readLimits(config: Section): Limits {
  const section = config.section('limits', ['incidents_per_hour', 'max_workers', 'percent_per_step', 'paths', 'keys']);
  const isEntry = (text: string) => text !== '' && !/\p{Cc}/u.test(text);
  return {
    incidentsPerHour: section.integer('incidents_per_hour', 1, 1000, 20),
    maxWorkers: section.integer('max_workers', 1, 100_000, 64),
    percentPerStep: section.integer('percent_per_step', 1, 1000, 100),
    paths: section.texts('paths', [], isEntry, 'Use paths from the repository’s root.'),
    keys: section.texts('keys', [], isEntry, 'Use keys such as spark.sql.shuffle.partitions or num_workers.'),
  };
}

/** Without the App nobody can tell which head a bare /approve meant, so there the SHA is always required. */
function readApprovals(config: Section, door: Config['door']): ApprovalPolicy {
  const section = config.section('approvals', ['owners', 'require_sha', 'expire_after', 'break_glass']);
  const owners = section.section('owners', ['low', 'medium', 'high']);
  const breakGlass = section.texts(
    'break_glass',
    [],
    (text) => /^@?[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/.test(text),
    'Use GitHub logins of people.',
  );
  // GitHub does not tell capitals from small letters in a login.
  const people = [...new Map(breakGlass.map((login) => login.replace(/^@/, '')).map((one) => [one.toLowerCase(), one])).values()];
  if (people.length === 1)
    section.fault('break_glass', 'names one person', 'Name at least two, or none to leave break-glass off.');
  if (door === 'action' && !section.flag('require_sha', true))
    section.fault('require_sha', 'is false with door: action', 'Leave it out, or use door: app.');
  return {
    owners: {
      low: owners.integer('low', 1, 10, 1),
      medium: owners.integer('medium', 1, 10, 1),
      high: owners.integer('high', 1, 10, 2),
    },
    requireSha: section.flag('require_sha', door === 'action'),
    expireAfterHours: section.minutes('expire_after', 72 * 60) / 60,
    breakGlass: people,
  };
}
