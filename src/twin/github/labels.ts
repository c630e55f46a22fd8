import { type Doer, recordEvent, tellIssue } from './events.ts';
import { isFields, type Json, textOf } from './json.ts';
import type { Issue, Label } from './nouns.ts';
import { invalid } from './refusal.ts';
import { labelShape } from './shapes/issue.ts';
import type { World } from './world.ts';

const GREY = 'ededed';

export function labelNamed(world: World, name: string): Label | null {
  return world.labels.get(name.toLowerCase()) ?? null;
}

/** Labels come into being by use, like on GitHub. */
export function ensureLabel(world: World, name: string, color = GREY, description: string | null = null): Label {
  const known = labelNamed(world, name);
  if (known !== null) return known;
  const made: Label = { id: world.nextId(), name, color, description };
  world.labels.set(name.toLowerCase(), made);
  return made;
}

/** Names from `["a"]`, `[{"name": "a"}]` or `{"labels": [...]}`: GitHub accepts all three. */
export function labelNames(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((one: Json) => {
    const name = isFields(one) ? textOf(one.name) : textOf(one);
    if (name === null || name.trim() === '') throw invalid('Label', 'name', 'missing_field');
    return name;
  });
}

/** Brings an issue's labels to these, one event each. */
export function setLabels(world: World, by: Doer, issue: Issue, names: readonly string[]): void {
  const wanted = new Map(names.map((name) => [name.toLowerCase(), ensureLabel(world, name)]));
  const had = new Set(issue.labels.map((name) => name.toLowerCase()));
  const gone = issue.labels.filter((name) => !wanted.has(name.toLowerCase()));
  issue.labels = [...wanted.values()].map((label) => label.name);
  for (const name of gone) tellLabel(world, by, issue, 'unlabeled', name);
  for (const [key, label] of wanted) if (!had.has(key)) tellLabel(world, by, issue, 'labeled', label.name);
}

function tellLabel(world: World, by: Doer, issue: Issue, action: 'labeled' | 'unlabeled', name: string): void {
  const label = ensureLabel(world, name);
  recordEvent(world, by, issue, action, { label: { name: label.name, color: label.color } });
  tellIssue(world, by, action, issue, { label: labelShape(world, label) });
}
