import type { Freeze, Risk, Weekday, Window } from '../model/config.ts';
import type { Located } from './located.ts';
import { isScalar, type Report, Section } from './section.ts';

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const RISKS: readonly Risk[] = ['low', 'medium', 'high'];

/** `windows` is a list of windows, or a map of `open` (that list) and `incident: {risk}`. */
export function readWindows(
  node: Located | null,
  report: Report,
): { readonly windows: readonly Window[]; readonly incidentRisk: Risk | null } {
  if (node === null) return { windows: [], incidentRisk: null };
  if (node.kind === 'list') return { windows: node.items.map((item) => readWindow(item, report)), incidentRisk: null };
  const section = new Section(node, 'windows', ['open', 'incident'], report);
  const incident = section.section('incident', ['risk']);
  const risk = incident.at('risk') === null ? null : incident.oneOf('risk', RISKS, 'low');
  if (section.at('incident') !== null && risk === null) incident.lack('risk', `Use ${RISKS.join(' or ')}.`);
  return { windows: section.items('open').map((item) => readWindow(item, report)), incidentRisk: risk };
}

export function readFreezes(nodes: readonly Located[], report: Report): readonly Freeze[] {
  return nodes.map((node) => {
    const section = new Section(node, 'freeze', ['name', 'from', 'to', 'zone'], report);
    const from = section.needed('from', isDate, 'Use a date such as 2026-12-20.');
    const to = section.needed('to', isDate, 'Use a date such as 2027-01-05; it is frozen too.');
    if (from !== '' && to !== '' && to < from) section.fault('to', `is before ${from}`, 'End the freeze after its start.');
    return { name: section.text('name', () => true, '') ?? `${from} to ${to}`, from, to, zone: zoneOf(section) };
  });
}

function readWindow(node: Located, report: Report): Window {
  const section = new Section(node, 'window', ['name', 'days', 'from', 'to', 'zone'], report);
  const from = section.needed('from', isTime, 'Use a wall time such as "09:00".');
  const to = section.needed('to', isTime, 'Use a wall time such as "16:00"; an earlier one is on the next day.');
  if (from !== '' && from === to)
    section.fault('to', 'equals from', 'Let the window last for some time; 00:00 to 24:00 is a whole day.');
  const days = readDays(section, report);
  return {
    name: section.text('name', () => true, '') ?? `${days.join(', ')} ${from}-${to}`,
    days,
    from,
    to,
    zone: zoneOf(section),
  };
}

/** Days one by one, or from one to another: [mon, wed], mon-thu. */
function readDays(section: Section, report: Report): readonly Weekday[] {
  const node = section.at('days');
  if (node === null) {
    section.lack('days', 'List the days on which the window starts, such as [mon, tue] or mon-thu.');
    return [];
  }
  const items = isScalar(node) ? [node] : node.items;
  const days = items.flatMap((item) => {
    const range = daysIn(item.text);
    if (range.length === 0)
      report(
        item.line,
        `window.days holds ${JSON.stringify(item.text.slice(0, 40))}`,
        `Use ${DAYS.join(', ')} or a range such as mon-thu.`,
      );
    return range;
  });
  if (items.length === 0) section.fault('days', 'names no day', 'List the days on which the window starts.');
  return DAYS.filter((day) => days.includes(day));
}

function daysIn(text: string): readonly Weekday[] {
  const order: readonly string[] = DAYS;
  const [first = '', last = first] = text.toLowerCase().split('-');
  const from = order.indexOf(first);
  const to = order.indexOf(last);
  if (from < 0 || to < 0 || text.split('-').length > 2) return [];
  return from <= to ? DAYS.slice(from, to + 1) : [...DAYS.slice(from), ...DAYS.slice(0, to + 1)];
}

function zoneOf(section: Section): string {
  return section.needed('zone', isZone, 'Use an IANA zone such as Europe/Berlin or UTC.');
}

function isTime(text: string): boolean {
  return /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text);
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isZone(text: string): boolean {
  try {
    return /^[A-Za-z]/.test(text) && new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
