// npm writes only this machine's optional platform packages into the lock, and `npm ci` then refuses on every machine.
// This adds the missing entries as {version, optional, os, cpu, libc}, read from their names; `--check` only reports.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCK = new URL('../package-lock.json', import.meta.url);
const PLATFORM =
  /-(android|darwin|freebsd|linux|openharmony|win32|wasm32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|wasi)(?:-([a-z]+))?$/;

/** Every optional dependency named in the lock that has no entry of its own, or one of another version. */
function missingEntries(lock) {
  const missing = [];
  for (const [owner, entry] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${owner ? `${owner}/` : ''}node_modules/${name}`;
      const path = lock.packages[nested] ? nested : `node_modules/${name}`;
      const found = lock.packages[path]?.version;
      if (!found || (/^\d/.test(version) && found !== version)) missing.push({ path, name, version, dev: entry.dev });
    }
  return missing;
}

function entryFor({ name, version, dev }) {
  const found = PLATFORM.exec(name);
  if (!found) throw new Error(`cannot read a platform from ${name}: add its entry to package-lock.json by hand`);
  const [, os, cpu, abi = ''] = found;
  const libc = os !== 'linux' ? undefined : abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : undefined;
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc: [libc] }), optional: true, os: [os] };
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
const missing = missingEntries(lock);
if (process.argv.includes('--check')) {
  for (const { name } of missing) console.error(`package-lock.json has no entry for the optional ${name}; run: npm run lock`);
  process.exit(missing.length > 0 ? 1 : 0);
}
for (const dependency of missing) lock.packages[dependency.path] = entryFor(dependency);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${missing.length} optional platform packages to package-lock.json`);
