import type { ChildProcess } from 'node:child_process';
import { startApp } from './app-child.ts';
import { type Closers, createClosers } from './closers.ts';
import { APPLY_APP, SERVER_APP } from './seed.ts';
import { type Systems, type SystemsOptions, startSystems } from './systems.ts';

/** A rehearsal: twin systems in this process, the App and each run of the Action in processes of their own. */
export interface World extends Systems {
  readonly appUrl: string;
  /** The App's process: to end it as a machine that fails would. */
  readonly appChild: ChildProcess;
  calls(): Promise<{ readonly app: number; readonly action: number; readonly databricks: number; readonly prometheus: number }>;
  close(): Promise<void>;
}

export interface WorldOptions extends SystemsOptions {
  /** Where everything that is started is noted, for whoever wants to end it early. */
  readonly closers?: Closers;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const closers = options.closers ?? createClosers();
  try {
    return await startWith(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function startWith(options: WorldOptions, closers: Closers): Promise<World> {
  const systems = await startSystems(options, closers);
  const { plant, github, monitor } = systems;
  const { url: appUrl, process: appChild } = await startApp(systems.appEnvironment, closers);
  systems.tellApp(appUrl);
  const calls = async () => ({
    app: github.calls.count(`app:${SERVER_APP.id}`),
    action: github.calls.count(`app:${APPLY_APP.id}`) + github.calls.count('actions'),
    databricks: plant.databricks.calls.count(),
    prometheus: monitor ? await monitor.calls() : plant.metrics.calls.count(),
  });
  return { ...systems, appUrl, appChild, calls, close: closers.close };
}
