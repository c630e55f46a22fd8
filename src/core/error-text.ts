import type { ErrorKind } from './error-kind.ts';

type Kinds = readonly (readonly [ErrorKind, RegExp])[];

/**
 * Texts that name a cause; the first one that fits counts. What contains another's words comes before it: a broadcast that timed out
 * advises about the threshold, one that does not fit says OutOfMemoryError, a Python process on the driver dies with the exit code of a
 * container and Python's MemoryError may come from a worker, limits on spot instances speak of spot instances, and all errors of SQL are an AnalysisException.
 * Sources: Spark 3.5 and 4.0 (error-conditions.json, BroadcastExchangeExec, TaskSetManager, TaskSchedulerImpl, ExecutorExitCode), YARN's
 * container monitor, Delta's DeltaErrors and DeltaConcurrentExceptions, Databricks' ClusterTerminationReason codes and Jobs messages,
 * error codes of EC2, S3, Azure Resource Manager and Storage, pip and Python.
 */
const causes: Kinds = [
  // An exception of plain Python at the very beginning is the job's own, whatever its message quotes.
  [
    'code',
    /^\s*(?:AssertionError|AttributeError|IndexError|IndentationError|KeyError|NameError|NotImplementedError|RecursionError|SyntaxError|TypeError|UnboundLocalError|UnicodeDecodeError|ValueError|ZeroDivisionError)\b/,
  ],
  [
    'broadcast_timeout',
    /Could not execute broadcast in \d+ secs|EXECUTE_BROADCAST_TIMEOUT|Futures timed out after \[\d+ seconds\][\s\S]{0,2000}BroadcastExchange/i,
  ],
  [
    'broadcast_oom',
    /Cannot broadcast the table (?:that is larger|over)|Not enough memory to build (?:and broadcast|the (?:hash map|broadcast relation))|EXECUTOR_BROADCAST_JOIN_(?:STORE_)?OOM|Size of broadcasted table/i,
  ],
  ['executor_oom', /PythonException[\s\S]{0,4000}\bMemoryError\b/],
  [
    'driver_oom',
    /driver (?:ran|is|has run) out of memory|DRIVER_OUT_OF_MEMORY|Total size of serialized results|bigger than spark\.driver\.maxResultSize|Python (?:process|kernel) exited with exit code 137|^[ \t]*(?:numpy[\w.]*\.)?(?:_Array)?MemoryError\b/im,
  ],
  [
    'container_killed',
    /killed by YARN for exceeding|\bexit(?:ed)?(?: with)?(?: exit)?(?: code| status)(?: is)?:? ?137\b|OOMKilled/i,
  ],
  [
    'executor_oom',
    /java\.lang\.OutOfMemoryError|SparkOutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY|Unable to acquire \d+ bytes of memory|Photon ran out of memory|GC overhead limit exceeded|exited with code 52\b/i,
  ],
  [
    'delta_conflict',
    /\b(?:ConcurrentAppend|ConcurrentDeleteRead|ConcurrentDeleteDelete|ConcurrentTransaction|ConcurrentWrite|MetadataChanged|ProtocolChanged)Exception\b|DELTA_CONCURRENT_|DELTA_(?:METADATA|PROTOCOL)_CHANGED/,
  ],
  ['init_script', /INIT_SCRIPT_FAILURE|init script\b.{0,200}\bfail/i],
  [
    'library',
    /LIBRARY_INSTALLATION_(?:ERROR|FAILURE)|Library (?:installation|resolution) failed|Could not find a version that satisfies the requirement|No matching distribution found|ResolutionImpossible|ModuleNotFoundError: No module named|NoClassDefFoundError|ClassNotFoundException|NoSuchMethodError|Failed to find (?:the )?data source/i,
  ],
  [
    'cluster_quota',
    /QUOTA_EXCEEDED|QuotaExceeded|exceeding (?:approved|quota)[\s\S]{0,80}cores|VcpuLimitExceeded|MAX_SPOT_INSTANCE_COUNT_EXCEEDED|MaxSpotInstanceCountExceeded|INSUFFICIENT_FREE_ADDRESSES|SUBNET_EXHAUSTED|IP_EXHAUSTION|INSTANCE_POOL_MAX_CAPACITY|Quota '[\w-]+' exceeded/i,
  ],
  [
    'cluster_stockout',
    /RESOURCE_STOCKOUT|INSUFFICIENT_INSTANCE_CAPACITY|InsufficientInstanceCapacity|SkuNotAvailable|\b(?:Zonal)?AllocationFailed|OverconstrainedAllocationRequest|ZONE_RESOURCE_POOL_EXHAUSTED|do not have sufficient \S+ capacity|no Spot capacity available/i,
  ],
  [
    'cluster_config',
    /INVALID_CLUSTER_REQUEST|(?:Reason: |Terminated: |code: )INVALID_ARGUMENT|Cluster validation error|UNSUPPORTED_INSTANCE_TYPE|AWS_UNSUPPORTED_FAILURE|AWS_AUTHORIZATION_FAILURE|AZURE_INVALID_DEPLOYMENT_TEMPLATE|AZURE_OPERATION_NOT_ALLOWED|INVALID_SPARK_IMAGE|WORKSPACE_CONFIGURATION_ERROR|IMAGE_PULL_PERMISSION_DENIED/,
  ],
  [
    'preempted',
    /SPOT_INSTANCE_TERMINATION|spot instance (?:was |has been |is being )?(?:terminat|interrupt|reclaim|evict|lost|preempt|taken)|spot (?:interruption|eviction)|(?:instance|node|vm|worker) (?:was |has been )?preempted/i,
  ],
  ['nodes_lost', /NODES_LOST|CLOUD_PROVIDER_SHUTDOWN/],
  [
    'cluster_start',
    /SPARK_STARTUP_FAILURE|BOOTSTRAP_(?:TIMEOUT|FAILURE)|(?:CONTAINER|CLOUD_PROVIDER|UNEXPECTED)_LAUNCH_FAILURE|NETWORK_CONFIGURATION_FAILURE|NPIP_TUNNEL_SETUP_FAILURE|INSTANCE_UNREACHABLE|IMAGE_(?:PULL|DOWNLOAD)_FAILURE|WORKER_SETUP_FAILURE|STORAGE_DOWNLOAD_FAILURE|CLUSTER_LAUNCH_TIMEOUT|Unexpected failure while waiting for the cluster|Spark encountered an error (?:during|on) startup/i,
  ],
  [
    'table_missing',
    /TABLE_OR_VIEW_NOT_FOUND|Table or view not found|NoSuch(?:Table|Database|Namespace)Exception|(?:SCHEMA|CATALOG|TABLE)_NOT_FOUND|NO_SUCH_(?:CATALOG|SCHEMA)|TABLE_DOES_NOT_EXIST|(?:Table|Schema|Catalog|Database) '[^'\n]{1,300}' (?:does not exist|not found)|is not a Delta table/i,
  ],
  [
    'path_missing',
    /PATH_NOT_FOUND|Path does not exist|FILE_NOT_EXIST|NoSuchKey|NoSuchBucket|The specified (?:key|path|blob|bucket) does not exist|FileNotFound(?:Exception|Error): (?!\S*(?:local_disk|blockmgr))|Unable to access the notebook|Notebook not found/i,
  ],
  [
    'unauthorized',
    /PERMISSION_DENIED|INSUFFICIENT_PERMISSIONS|AccessDenied|Access ?Denied|not authorized to perform|request is not authorized|\b403 Forbidden|Status Code: 403|\b403 Client Error|AuthorizationPermissionMismatch|User does not have|\b401 (?:Unauthorized|Client Error)|UNAUTHENTICATED|Invalid access token|\bAADSTS\d+|ExpiredToken|InvalidAccessKeyId|SignatureDoesNotMatch|Invalid Git provider credentials/i,
  ],
  [
    'timeout',
    /\bTIMEDOUT\b|\b(?:Run|Task run|Job run) timed out|exceeded (?:the )?max(?:imum)? (?:run |execution )?duration|QUERY_EXECUTION_TIMEOUT|Query execution timed out|spark\.databricks\.execution\.timeout/i,
  ],
  [
    'code',
    /^[ \t]*(?:\[?(?:PARSE_SYNTAX_ERROR|UNRESOLVED_(?:COLUMN|ROUTINE)|DATATYPE_MISMATCH|DIVIDE_BY_ZERO|CAST_INVALID_INPUT)|(?:[\w.]+\.)?(?:AnalysisException|ParseException|NameError|TypeError|ValueError|KeyError|AttributeError|IndexError|AssertionError|SyntaxError|IndentationError|ZeroDivisionError|ImportError|UnboundLocalError|NotImplementedError|RecursionError|UnicodeDecodeError)\b)/m,
  ],
];

/** Texts that come with many causes: they count only where no cause is told anywhere, the trace and the events included. */
const signs: Kinds = [
  [
    'nodes_lost',
    /ExecutorLostFailure|Lost executor \d|worker lost|Executor decommission|worker decommissioned|Remote RPC client disassociated|Executor heartbeat timed out/i,
  ],
  ['fetch_failed', /FetchFailedException|MetadataFetchFailed|Missing an output location for shuffle|FetchFailed\(/],
  [
    'driver_lost',
    /driver (?:is )?(?:up but is )?not responsive|driver is temporarily unavailable|DRIVER_(?:NOT_RESPONDING|UNAVAILABLE|UNREACHABLE|UNRESPONSIVE)|COMMUNICATION_LOST|driver has stopped unexpectedly|driver became un(?:healthy|reachable)|became unreachable during run|Python kernel is unresponsive|Could not reach driver/i,
  ],
  [
    'transient',
    /TEMPORARILY_UNAVAILABLE|Reason: INTERNAL_ERROR|REQUEST_(?:THROTTLED|LIMIT_EXCEEDED)|_THROTTLING\b|\b(?:500|502|503|504) (?:Service|Server|Slow|Bad|Gateway|Internal)|Status Code: 50[0234]|SlowDown\b|Server ?Busy|Too Many Requests|Connection (?:was )?(?:reset|aborted|timed out)|Read timed out|SocketTimeoutException|Broken pipe|UnknownHostException|Temporary failure in name resolution|Remote end closed connection/i,
  ],
  [
    'code',
    /AnalysisException|PythonException|Spark(?:Runtime|Arithmetic|DateTime|NumberFormat|Upgrade)Exception|NullPointerException|ArithmeticException|NumberFormatException|MatchError|A schema mismatch detected|DELTA_(?:SCHEMA|FAILED_TO_MERGE|MISSING_COLUMN)|^[ \t]*(?:Exception|RuntimeError|SystemExit)\b/m,
  ],
];

/** The kind that the first of the texts to name a cause names; null: none does. */
export function causeIn(...texts: readonly string[]): ErrorKind | null {
  return firstOf(causes, texts);
}

/** As `causeIn`, of what only hints at a kind. */
export function signIn(...texts: readonly string[]): ErrorKind | null {
  return firstOf(signs, texts);
}

function firstOf(kinds: Kinds, texts: readonly string[]): ErrorKind | null {
  for (const text of texts) {
    const found = kinds.find(([, pattern]) => pattern.test(text));
    if (found !== undefined) return found[0];
  }
  return null;
}
