/** The rehearsed workloads, each with a job of its own; the ids lie above 2^53 on purpose. */
export type WorkloadName =
  | 'oom'
  | 'skew'
  | 'lag'
  | 'lagNarrow'
  | 'lagCapped'
  | 'bad'
  | 'healthy'
  | 'kinesis'
  | 'nightly'
  | 'bundle'
  | 'conf'
  | 'broadcast';

export const jobIds: Readonly<Record<WorkloadName, string>> = {
  oom: '1234567890123456789',
  skew: '1234567890123456791',
  lag: '1234567890123456793',
  lagNarrow: '1234567890123456795',
  lagCapped: '1234567890123456797',
  bad: '1234567890123456799',
  healthy: '1234567890123456801',
  kinesis: '1234567890123456803',
  nightly: '1234567890123456805',
  bundle: '1234567890123456807',
  conf: '1234567890123456809',
  broadcast: '1234567890123456811',
};
