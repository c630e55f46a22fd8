import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('whatever is built is built from any folder', () => {
  const script = `
    const { default: targets } = await import(${JSON.stringify(resolve('rolldown.config.js'))});
    const { createRequire } = await import('node:module');
    const { build } = await import(createRequire(${JSON.stringify(resolve('package.json'))}).resolve('rolldown'));
    for (const target of targets) console.log((await build({ ...target, write: false })).output[0].fileName);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });

  expect(stdout.trim().split('\n'), stderr).toEqual(['cli.js', 'index.js']);
});
