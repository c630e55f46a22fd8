import { readFileSync } from 'node:fs';

const { dependencies } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const installed = Object.keys(dependencies);

/** The command line and the App run from node_modules; the Action is one file without them. */
export default [
  {
    input: { cli: 'src/doors/cli.ts' },
    platform: 'node',
    external: (id) => id.startsWith('node:') || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    output: { dir: 'dist', format: 'esm', cleanDir: true, sourcemap: true },
  },
];
