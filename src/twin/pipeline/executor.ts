import { mib, parseBytes } from './bytes.ts';
import type { ClusterShape } from './job.ts';
import type { NodeType } from './node-types.ts';

/** What one executor offers its tasks; memory in bytes. One executor runs on each worker. */
export interface Executor {
  readonly cores: number;
  readonly taskSlots: number;
  readonly heapBytes: number;
  readonly unifiedBytes: number;
  readonly userBytes: number;
  readonly perTaskBytes: number;
}

export interface ExecutorRefused {
  readonly refused: string;
}

/** Spark sets this much of every heap aside (RESERVED_SYSTEM_MEMORY_BYTES in UnifiedMemoryManager.scala). */
const reservedBytes = 300 * mib;

/**
 * The executor of one worker.
 * - heap: `spark.executor.memory`, else (node memory × 0.97 − 4800 MB) × 0.8, Databricks' rule for the share of a node its executor gets
 *   (knowledge base, "Spark executor memory"; not measured on a workspace);
 * - unified memory: (heap − 300 MB) × `spark.memory.fraction`, 0.6 by default (Spark, tuning guide, "Memory management overview");
 * - each running task gets an equal share: unified ÷ concurrent tasks (ExecutionMemoryPool lets a task have at most 1/N of it).
 */
export function sizeExecutor(cluster: ClusterShape, node: NodeType): Executor | ExecutorRefused {
  const conf = cluster.sparkConf;
  const cores = wholeNumber(conf.get('spark.executor.cores')) ?? node.cores;
  if (cores > node.cores)
    return { refused: `spark.executor.cores ${cores} exceeds the ${node.cores} cores of ${node.nodeTypeId}` };
  const container = (node.memoryMb * 0.97 - 4800) * mib;
  const asked = conf.get('spark.executor.memory');
  const heapBytes = asked === undefined ? container * 0.8 : (parseBytes(asked, mib) ?? container * 0.8);
  if (heapBytes > container) return { refused: `spark.executor.memory ${asked} exceeds the memory of ${node.nodeTypeId}` };
  const usable = Math.max(heapBytes - reservedBytes, 0);
  const unifiedBytes = usable * memoryFraction(conf.get('spark.memory.fraction'));
  const taskSlots = Math.max(1, Math.floor(cores / (wholeNumber(conf.get('spark.task.cpus')) ?? 1)));
  return { cores, taskSlots, heapBytes, unifiedBytes, userBytes: usable - unifiedBytes, perTaskBytes: unifiedBytes / taskSlots };
}

function memoryFraction(text: string | undefined): number {
  const fraction = Number(text ?? 0.6);
  return fraction > 0 && fraction < 1 ? fraction : 0.6;
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text.trim()) ? Number(text) : undefined;
}
