import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

/**
 * What src exports, src uses: an export that only tests import, and that its own file does not use either, is code that never runs, with
 * tests that prove nothing. Types are left to knip, and the entries of the bundles to the bundler.
 */
const SRC = 'src';
const ENTRIES = ['doors/cli.ts', 'doors/action.ts'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(join(SRC, file), 'utf8')]));

/** Names of values: `a`, `b as c` gives its first; types are left out. */
function namesIn(list: string): readonly string[] {
  const names = list.split(',').map((one) => one.trim());
  return names.filter((one) => one !== '' && !one.startsWith('type ')).map((one) => one.split(/\s+as\s+/)[0] ?? '');
}

function exportsOf(text: string): readonly string[] {
  const declared = [...text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm)].map(
    (found) => found[1] ?? '',
  );
  const passedOn = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap((found) => namesIn(found[1] ?? ''));
  return [...declared, ...passedOn];
}

/** `file#name` of everything that a file imports or passes on; `file#*` where it takes a whole module. */
function usesOf(file: string, text: string): readonly string[] {
  const target = (specifier: string) => relative(SRC, normalize(join(SRC, dirname(file), specifier)));
  const listed = [...text.matchAll(/^(?:import|export)\s+\{([^}]*)\}\s+from\s+'(\.[^']+)'/gm)];
  const whole = [...text.matchAll(/^import \* as \w+ from '(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/gm)];
  return [
    ...listed.flatMap(([, names = '', specifier = '']) => namesIn(names).map((name) => `${target(specifier)}#${name}`)),
    ...whole.map(([, module, lazy]) => `${target(module ?? lazy ?? '')}#*`),
  ];
}

/** Whether a file says a name again beside exporting it; what stands in comments is no use. */
function usesItself(text: string, name: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').replace(/^export \{[^}]*\} from .*$/gm, '');
  return [...code.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1;
}

function unused(sources: ReadonlyMap<string, string>): readonly string[] {
  const used = new Set([...sources].flatMap(([file, text]) => usesOf(file, text)));
  return [...sources]
    .filter(([file]) => !ENTRIES.includes(file) && !used.has(`${file}#*`))
    .flatMap(([file, text]) =>
      exportsOf(text)
        .filter((name) => !usesItself(text, name))
        .map((name) => `${file}#${name}`),
    )
    .filter((name) => !used.has(name))
    .sort();
}

test('every exported value of src is used in src', () => {
  expect(unused(texts)).toEqual([]);
});

test('an export that nothing imports is found, whatever form it has', () => {
  const sources = new Map([
    [
      'core/a.ts',
      "export function one() {}\n// two\nexport const two = 1;\nexport const six = 6;\nconst own = six;\nexport type Three = 1;\nexport { four } from './b.ts';\n",
    ],
    ['core/b.ts', 'export async function four() {}\nexport class Five {}\n'],
    ['flow/c.ts', "import { one, type Three } from '../core/a.ts';\n"],
  ]);

  expect(unused(sources)).toEqual(['core/a.ts#four', 'core/a.ts#two', 'core/b.ts#Five']);
});
