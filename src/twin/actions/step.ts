import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { fieldsOf, parseJson } from '../github/json.ts';
import { type ChildResult, runChild } from './child.ts';
import { readCommandFile } from './command-file.ts';
import { type Contexts, fill, printed } from './expression.ts';
import type { Setting, Texts } from './options.ts';
import type { LiveRun } from './run.ts';
import type { Step } from './workflow.ts';

export interface StepPlace {
  readonly folder: string;
  readonly index: number;
  /** The runner's own variables; what the workflow sets comes on top. */
  readonly base: Texts;
  readonly env: Texts;
  readonly contexts: Contexts;
  readonly run: LiveRun;
}

export interface StepResult extends ChildResult {
  readonly outputs: Texts;
  readonly env: Texts;
  readonly summary: string;
}

const TIMEOUT_MS = 120_000;

/** null for GitHub's own actions, such as checkout: nothing of a repository lies in the twin's workspace. */
export async function runStep(setting: Setting, step: Step, place: StepPlace): Promise<StepResult | null> {
  if (step.uses?.startsWith('actions/') === true || (step.uses === null && step.run === null)) return null;
  const files = commandFiles(place);
  const env = { ...place.base, ...files, ...place.env, ...filled(step.env, place.contexts), ...inputs(setting, step, place) };
  const bundle = { command: process.execPath, args: [setting.options.action.path] };
  const shell = { command: 'bash', args: ['--noprofile', '--norc', '-e', '-c', fill(step.run ?? '', place.contexts)] };
  const done = await runChild({
    ...(step.run === null ? bundle : shell),
    cwd: place.base.GITHUB_WORKSPACE ?? place.folder,
    env: { ...env, ...setting.options.extraEnv },
    timeoutMs: setting.options.timeoutMs ?? TIMEOUT_MS,
    kill: setting.options.kill?.(place.run),
  });
  const read = (name: keyof typeof files) => (existsSync(files[name]) ? readFileSync(files[name], 'utf8') : '');
  const outputs = readCommandFile(read('GITHUB_OUTPUT'));
  return { ...done, outputs, env: readCommandFile(read('GITHUB_ENV')), summary: read('GITHUB_STEP_SUMMARY') };
}

function commandFiles(place: StepPlace) {
  const folder = join(place.folder, `step-${place.index}`);
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  return {
    GITHUB_OUTPUT: file('output'),
    GITHUB_ENV: file('env'),
    GITHUB_STATE: file('state'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
  };
}

export function filled(texts: Texts, contexts: Contexts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text, contexts)]));
}

/** INPUT_*: what the workflow gives, else what action.yml says. */
function inputs(setting: Setting, step: Step, place: StepPlace): Texts {
  if (step.uses === null) return {};
  const given = { ...defaults(setting.options.action.metadata), ...step.inputs };
  const names = Object.entries(given).map(([name, text]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    fill(text, place.contexts),
  ]);
  return Object.fromEntries(names);
}

function defaults(metadata: string | undefined): Texts {
  if (metadata === undefined) return {};
  const declared = fieldsOf(fieldsOf(parseJson(JSON.stringify(load(readFileSync(metadata, 'utf8'))))).inputs);
  return Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, printed(fieldsOf(input).default ?? '')]));
}
