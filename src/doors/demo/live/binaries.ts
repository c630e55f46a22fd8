import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Paths of what a live rehearsal starts. */
export interface Binaries {
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
}

/** Debian names Alertmanager `prometheus-alertmanager`, the project itself `alertmanager`. */
const NAMES = {
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
} as const;

export const HOW_TO_GET_BINARIES =
  'Debian and Ubuntu: apt-get install prometheus prometheus-alertmanager. macOS: brew install prometheus alertmanager. Or unpack the archives of https://prometheus.io/download/ and put their folders on PATH.';

/** The binaries on a PATH, or the names of those that are not there. */
export function findBinaries(path: string): { readonly found: Binaries } | { readonly missing: readonly string[] } {
  const [prometheus, promtool, alertmanager] = [
    onPath(NAMES.prometheus, path),
    onPath(NAMES.promtool, path),
    onPath(NAMES.alertmanager, path),
  ];
  if (prometheus && promtool && alertmanager) return { found: { prometheus, promtool, alertmanager } };
  const named = Object.entries({ prometheus, promtool, alertmanager });
  return { missing: named.flatMap(([name, file]) => (file === undefined ? [name] : [])) };
}

function onPath(names: readonly string[], path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
