import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * The house's import table. `own` means the room's own folder (for core, flow, render and schema the whole room). Everything a
 * room may not import is an error here (where a runbook is read its expressions are typed, where JSON is read its faults are worded, and a misspelt word is met with the one that was meant, by one file of core each), so a decision cannot quietly learn to do I/O.
 */
const PURE = [
  'temporal-polyfill',
  'jsonc-parser',
  'yaml',
  '@marcbachmann/cel-js',
  '@prometheus-io/lezer-promql',
  '@lezer/common',
  'diff',
  'node:crypto',
];
const TABLE: Readonly<Record<string, { rooms: readonly string[]; outside: readonly string[] | 'any' }>> = {
  model: { rooms: ['model'], outside: [] },
  core: { rooms: ['model', 'core'], outside: PURE },
  schema: {
    rooms: ['model', 'schema', 'core/runbook-check', 'core/json-fault', 'core/nearest'],
    outside: ['zod/mini', 'js-yaml', 'yaml', 'jsonc-parser'],
  },
  render: { rooms: ['model', 'render'], outside: [] },
  ports: { rooms: ['model'], outside: [] },
  flow: { rooms: ['model', 'core', 'render', 'ports', 'flow'], outside: [] },
  adapters: { rooms: ['model', 'schema', 'ports', 'adapters'], outside: 'any' },
  doors: { rooms: ['model', 'render', 'schema', 'ports', 'flow', 'adapters', 'doors'], outside: 'any' },
  twin: { rooms: ['model', 'schema', 'twin'], outside: ['@prometheus-io/lezer-promql', '@lezer/common', 'graphql', 'js-yaml'] },
};
/** Doors that may see more, the first that fits: the command line prints decisions, the demo plays in the twin, `twin` serves it. */
const DOOR_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'doors/cli/twin.ts': ['twin'],
  'doors/cli': ['core'],
  'doors/demo': ['core', 'twin'],
  'doors/eval': ['core', 'twin'],
};
const SRC = 'src';

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|(?:^|[^.\w])import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
}

/** `core/gate/verdict.ts` → `core`; `ports.ts` → `ports`. */
function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '');
}

function faultOf(file: string, specifier: string): string | null {
  const room = roomOf(file);
  const rule = TABLE[room];
  if (!rule) return `${file}: ${room} is no room of the house`;
  if (!specifier.startsWith('.')) {
    if (rule.outside === 'any' || rule.outside.includes(specifier)) return null;
    if (room === 'twin' && specifier.startsWith('node:')) return null;
    return `${file} may not import the library ${specifier}`;
  }
  const imported = relative(SRC, normalize(join(SRC, dirname(file), specifier)));
  const extra = Object.entries(DOOR_EXCEPTIONS).find(([door]) => file.startsWith(door))?.[1] ?? [];
  const other = roomOf(imported);
  const exact = imported.replace(/\.ts$/, '');
  if (!rule.rooms.includes(other) && !rule.rooms.includes(exact) && !extra.includes(other))
    return `${file} may not import ${imported}`;
  if (room === 'adapters' && other === 'adapters' && file.split('/')[1] !== imported.split('/')[1])
    return `${file} reaches into another adapter: ${imported}`;
  return null;
}

describe('the import table', () => {
  const files = sources();

  test('sees the sources', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  test.each(files)('%s imports only what its room may', (file) => {
    expect(
      importsOf(file)
        .map((specifier) => faultOf(file, specifier))
        .filter((fault) => fault !== null),
    ).toEqual([]);
  });

  test('an import that the table forbids is found', () => {
    expect(faultOf('core/gate.ts', '../adapters/github/facts.ts')).toMatch(/may not import adapters/);
    expect(faultOf('core/gate.ts', 'node:fs')).toMatch(/library node:fs/);
    expect(faultOf('twin/pipeline/model.ts', '../../core/plan.ts')).toMatch(/may not import core/);
    expect(faultOf('adapters/github/pulls.ts', '../databricks/client.ts')).toMatch(/another adapter/);
    expect(faultOf('doors/app.ts', '../twin/clock.ts')).toMatch(/may not import twin/);
    expect(faultOf('doors/demo.ts', '../twin/clock.ts')).toBeNull();
  });
});

describe('the shape of a file', () => {
  test.each(sources())('%s is at most 200 lines', (file) => {
    expect(readFileSync(join(SRC, file), 'utf8').split('\n').length).toBeLessThanOrEqual(201);
  });
});
