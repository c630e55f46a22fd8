import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { dependencies } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const installed = Object.keys(dependencies);
/** Whoever runs the command line from another folder builds here all the same. */
const cwd = fileURLToPath(new URL('.', import.meta.url));

/** The command line and the App run from node_modules; the Action is one file without them. */
export default [
  {
    cwd,
    input: { cli: 'src/doors/cli.ts' },
    platform: 'node',
    external: (id) => id.startsWith('node:') || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    output: { dir: 'dist', format: 'esm', cleanDir: true, sourcemap: true },
  },
  {
    cwd,
    input: { index: 'src/doors/action.ts' },
    platform: 'node',
    // jsonc-parser's "main" is a UMD file whose requires cannot be followed.
    resolve: {
      mainFields: ['module', 'main'],
      alias: { undici: fileURLToPath(new URL('./scripts/without-undici.js', import.meta.url)) },
    },
    output: { dir: 'action', format: 'esm', minify: true, codeSplitting: false },
  },
];
