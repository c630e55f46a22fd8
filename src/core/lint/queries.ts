import type { Runbook } from '../../model/runbook.ts';
import { exporterOf, exporters, gives } from '../exporters/catalogue.ts';
import type { Exporter } from '../exporters/exporter.ts';
import { nearest } from '../nearest.ts';
import { bindQuery } from '../promql.ts';
import type { RunbookFault } from '../runbook-check.ts';
import { readQuery, type Selector } from './query.ts';

type Path = RunbookFault['path'];

/** Labels that Prometheus or whoever runs it adds to series of any exporter. */
const ADDED =
  'job instance cluster namespace pod container service node env environment region stage team tenant replica account_id'.split(
    ' ',
  );

/** Queries that Prometheus would refuse, and names that the exporter they are asked of does not give: such a signal is unknown for ever. */
export function queryLint(runbook: Runbook): readonly RunbookFault[] {
  const signals = runbook.signals.flatMap(({ name, query }) => {
    if (query.from !== 'prometheus') return [];
    return Object.entries(query.variants).flatMap(([variant, text]) => {
      const path = ['signals', name, 'prometheus', variant];
      return faultsOf(text, runbook, path, (selectors) => variantFaults(selectors, variant, path));
    });
  });
  const checks = runbook.verify.checks.flatMap(({ source, query }, index) => {
    if (source !== 'prometheus') return [];
    const path = ['verify', 'checks', index, 'prometheus'];
    return faultsOf(query, runbook, path, (selectors) => selectors.flatMap((one) => selectorFaults(one, exporters, path)));
  });
  return [...signals, ...checks];
}

function faultsOf(
  text: string,
  { parameters }: Runbook,
  path: Path,
  named: (selectors: readonly Selector[]) => readonly RunbookFault[],
): readonly RunbookFault[] {
  const sample = Object.entries(parameters).map(([name, { type }]) => [name, { type, value: '1' }] as const);
  const bound = bindQuery(text, Object.fromEntries(sample));
  // What does not bind is told where parameters are checked.
  if (!bound.ok) return [];
  const read = readQuery(bound.value);
  const fix = 'Mend it until the expression browser of a Prometheus takes it, with a value for each $parameter.';
  return read.ok ? named(read.selectors) : [{ path, message: `it is no PromQL: ${read.why}`, fix }];
}

function variantFaults(selectors: readonly Selector[], variant: string, path: Path): readonly RunbookFault[] {
  const exporter = exporterOf(variant);
  if (exporter) return selectors.flatMap((one) => selectorFaults(one, [exporter], path));
  // Recording rules are nobody's but the repository's own.
  if (selectors.every(({ metric }) => metric?.includes(':'))) return [];
  const ids = exporters.map(({ id }) => id);
  const near = nearest(variant, ids);
  const fix = `${near ? `Did you mean ${near}?` : `Known are ${ids.join(', ')}.`} A new one goes into src/core/exporters of Sluice; metrics of recording rules have a colon in their name.`;
  return [{ path, message: `no exporter is called ${variant}`, fix }];
}

function selectorFaults({ metric, labels }: Selector, known: readonly Exporter[], path: Path): readonly RunbookFault[] {
  const giving = metric === null ? known : known.filter((exporter) => gives(exporter, metric));
  if (metric !== null && giving.length === 0) return [unknownMetric(metric, known, path)];
  return labels.flatMap((label) => unknownLabel(label, giving, path));
}

function unknownMetric(metric: string, known: readonly Exporter[], path: Path): RunbookFault {
  const names = known.flatMap(({ metrics }) => metrics);
  // Spark's names of two generations differ in what comes last.
  const near = names.find((name) => name.startsWith(`${metric}_`)) ?? nearest(metric, names);
  const other = exporters.find((exporter) => gives(exporter, metric));
  const who = known.length === 1 ? known[0]?.id : 'no known exporter';
  const hint = other
    ? `It is a metric of ${other.id}: write it under a variant of that name.`
    : 'Look the name up on the exporter’s own page.';
  return {
    path,
    message: `${who} ${known.length === 1 ? 'gives no' : 'gives the'} metric ${metric}`,
    fix: near && !other ? `Did you mean ${near}?` : hint,
  };
}

/** Anybody may add labels; so only one that is another exporter's, or almost one of this exporter's, is surely wrong. */
function unknownLabel(label: string, giving: readonly Exporter[], path: Path): readonly RunbookFault[] {
  const own = [...new Set(giving.flatMap(({ labels }) => labels))];
  if (own.length === 0 || own.includes(label) || ADDED.includes(label)) return [];
  const near =
    own.find((one) => one.toLowerCase().replaceAll('_', '') === label.toLowerCase().replaceAll('_', '')) ?? close(label, own);
  const elsewhere = exporters.some(({ labels }) => labels.includes(label));
  if (near === null && !elsewhere) return [];
  const message = `${giving.map(({ id }) => id).join(', ')} ${giving.length === 1 ? 'has' : 'have'} no label ${label}`;
  return [{ path, message, fix: near ? `Did you mean ${near}?` : `Its labels are ${own.join(', ')}.` }];
}

/** Two letters off, no more: short words are near to many. */
function close(label: string, own: readonly string[]): string | null {
  const near = label.length >= 5 ? nearest(label, own) : null;
  return near !== null && Math.abs(near.length - label.length) <= 2 && near[0] === label[0] ? near : null;
}
