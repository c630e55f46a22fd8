import { nextRestartStep } from '../core/restart.ts';
import { SETTLING_SECONDS } from '../core/rollout.ts';
import type { Reason } from '../model/reason.ts';
import type { RolloutKey } from '../model/rollout.ts';
import type { Clock, RolloutLog, WorkspaceReader, WorkspaceWriter, WriteAnswer } from '../ports.ts';

export interface RestartPorts {
  readonly clock: Clock;
  readonly log: RolloutLog;
  readonly reader: WorkspaceReader;
  readonly writer: WorkspaceWriter;
}

export interface RestartOrder {
  readonly key: RolloutKey;
  readonly jobId: string;
  readonly how: 'restart' | 'cancel-and-run';
  /** ISO instant at which the settings that the next run is to have were noted as written. */
  readonly since: string;
  readonly stopping: string | null;
  readonly late: boolean;
  readonly run: string;
  /** Gives one run however often it is sent. */
  readonly token: string;
  /** Asked once before the first thing that acts; a reason stops it. */
  readonly mayAct: () => Promise<Reason | null>;
}

export type Restarted =
  | { readonly end: 'done'; readonly id: string | null }
  | { readonly end: 'given-up'; readonly found: string }
  | { readonly end: 'failed'; readonly reasons: readonly Reason[] };

const RUNS = 25;
/** Intending, cancelling, running, and two minutes in which the old run may end. */
const MOST_STEPS = 8;

/**
 * Gives a stream a run with the settings that its job has now. Core names each next step from what runs and what is noted, so an attempt that
 * was killed anywhere is finished by the next one, or refused in words that say that the stream stands still.
 */
export async function restartStream(order: RestartOrder, ports: RestartPorts): Promise<Restarted> {
  const { jobId, since, late, how } = order;
  let { stopping } = order;
  let [asked, allowed] = [false, false];
  for (let count = 0; count < MOST_STEPS; count++) {
    const [job, runs] = await Promise.all([ports.reader.job(jobId), ports.reader.runs(jobId, RUNS)]);
    const step = nextRestartStep({ how, job, runs, since, stopping, asked, late });
    if (step.do === 'done') return { end: 'done', id: step.id };
    if (step.do === 'give-up') return { end: 'given-up', found: step.found };
    if (step.do === 'refuse') return failed([step.reason], stopping);
    const stopped = allowed ? null : await order.mayAct();
    if (stopped) return failed([stopped], stopping);
    allowed = true;
    switch (step.do) {
      case 'intend-cancel':
        await note(order, 'cancel', step.runId, ports);
        stopping = step.runId;
        break;
      case 'cancel': {
        const answer = await ports.writer.cancel(step.runId);
        if (!answer.done && (answer.sure || how === 'restart')) return failed([unstarted(order, answer)], stopping);
        if (how === 'restart') return { end: 'done', id: null };
        asked = true;
        break;
      }
      case 'settle':
        await ports.clock.sleep(SETTLING_SECONDS * 1000);
        break;
      case 'run': {
        await note(order, 'run-now', jobId, ports);
        const answer = await ports.writer.runNow(jobId, order.token, {});
        return answer.done ? { end: 'done', id: answer.id } : failed([unstarted(order, answer)], stopping);
      }
    }
  }
  return failed([], stopping);
}

async function note({ key, run }: RestartOrder, how: 'cancel' | 'run-now', subject: string, ports: RestartPorts): Promise<void> {
  const at = (await ports.clock.now()).toISOString();
  await ports.log.append(key, { what: 'rerun-intent', at, run, how, subject });
}

function unstarted({ jobId }: RestartOrder, answer: Extract<WriteAnswer, { done: false }>): Reason {
  return { code: 'repair_failed', subject: `job ${jobId}`, expected: 'the approved restart', observed: answer.why };
}

/** Whatever the reason: people have to know when a stream stands still because of us. */
function failed(reasons: readonly Reason[], stopping: string | null): Restarted {
  const still: readonly Reason[] =
    stopping === null
      ? []
      : [
          {
            code: 'repair_failed',
            subject: `run ${stopping}`,
            expected: 'its successor under way',
            observed: 'it was cancelled and none is; the next wake-up starts it, or a person does',
          },
        ];
  return { end: 'failed', reasons: [...reasons, ...still] };
}
