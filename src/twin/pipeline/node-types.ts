/** A machine as `clusters/list-node-types` describes it: `memory_mb` in MiB, `num_cores` in vCPUs. */
export interface NodeType {
  readonly nodeTypeId: string;
  readonly memoryMb: number;
  readonly cores: number;
}

const type = (nodeTypeId: string, memoryMb: number, cores: number): NodeType => ({ nodeTypeId, memoryMb, cores });

export const defaultNodeTypes: readonly NodeType[] = [
  type('m5.large', 8192, 2),
  type('m5.xlarge', 16384, 4),
  type('m5.2xlarge', 32768, 8),
  type('m5.4xlarge', 65536, 16),
  type('m5d.2xlarge', 32768, 8),
  type('r5.xlarge', 32768, 4),
  type('r5.2xlarge', 65536, 8),
  type('r5.4xlarge', 131072, 16),
  type('r5d.2xlarge', 65536, 8),
  type('c5.2xlarge', 16384, 8),
  type('c5.4xlarge', 32768, 16),
  type('i3.xlarge', 31232, 4),
  type('i3.2xlarge', 62464, 8),
  type('i3.4xlarge', 124928, 16),
  type('Standard_DS3_v2', 14336, 4),
  type('Standard_E8ds_v4', 65536, 8),
];
