import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorKind } from '../../src/core/error-kind.ts';
import { codeKind, errorKinds } from '../../src/core/error-kind.ts';
import { errorKind, type FailureTexts } from '../../src/core/failure.ts';

const texts = (change: Partial<FailureTexts>): FailureTexts => ({ said: '', trace: '', events: '', code: null, ...change });
const aborted = (reason: string) =>
  `org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 5.0 failed 4 times, most recent failure: Lost task 3.3 in stage 5.0 (TID 503) (10.139.64.7 executor 2): ${reason}`;
const lost = (reason: string, how = 'caused by one of the running tasks') =>
  aborted(`ExecutorLostFailure (executor 2 exited ${how}) Reason: ${reason}`);
const ended = (reason: string) => `Cluster 0921-051500-abcd1234 was terminated. Reason: ${reason}`;

/** One text each, as the systems print them. */
const said: readonly (readonly [ErrorKind, string])[] = [
  [
    'broadcast_oom',
    aborted(
      'org.apache.spark.sql.execution.OutOfMemorySparkException: Not enough memory to build the hash map for an executor broadcast join',
    ),
  ],
  // What an exception of the job's own quotes is not what failed.
  [
    'code',
    "AssertionError: 12 log lines did not parse: 'ERROR Executor: Exception in task 4.0 java.lang.OutOfMemoryError: Java heap space'",
  ],
  ['executor_oom', aborted('java.lang.OutOfMemoryError: Java heap space')],
  ['executor_oom', aborted('java.lang.OutOfMemoryError: GC overhead limit exceeded')],
  ['executor_oom', lost('Command exited with code 52')],
  [
    'executor_oom',
    aborted(
      'org.apache.spark.memory.SparkOutOfMemoryError: [UNABLE_TO_ACQUIRE_MEMORY] Unable to acquire 65536 bytes of memory, got 0. SQLSTATE: 53200',
    ),
  ],
  [
    'executor_oom',
    aborted(
      'org.apache.spark.memory.SparkOutOfMemoryError: Photon ran out of memory while executing this query. Photon failed to reserve 512.0 MiB for hash table buckets, in SparseHashedRelation, in BuildHashedRelation',
    ),
  ],
  ['executor_oom', aborted('java.lang.OutOfMemoryError: Direct buffer memory')],
  [
    'executor_oom',
    aborted(
      'org.apache.spark.api.python.PythonException: \'Traceback (most recent call last):\n  File "/databricks/spark/python/pyspark/worker.py", line 1964, in main\nMemoryError\'',
    ),
  ],
  [
    'container_killed',
    lost(
      'Container killed by YARN for exceeding memory limits. 9.3 GB of 9.3 GB physical memory used. Consider boosting spark.yarn.executor.memoryOverhead.',
    ),
  ],
  [
    'container_killed',
    lost(
      'Container killed by YARN for exceeding physical memory limits. 5.6 GB of 5.5 GB physical memory used. Consider boosting spark.executor.memoryOverhead.',
    ),
  ],
  ['container_killed', lost('Command exited with code 137')],
  [
    'container_killed',
    lost('Container from a bad node: container_1690_0001_01_000003 on host: ip-10-0-1-7. Exit status: 137. Diagnostics: Killed'),
  ],
  ['container_killed', lost('The executor with id 3 exited with exit code 137(SIGKILL, possible container OOM).')],
  ['container_killed', 'Container killed on request. Exit code is 137'],
  ['driver_oom', 'The driver ran out of memory. Consider a larger driver_node_type_id.'],
  [
    'driver_oom',
    ended('DRIVER_OUT_OF_MEMORY (CLIENT_ERROR). Parameters: databricks_error_message:Spark driver ran out of memory'),
  ],
  [
    'driver_oom',
    'org.apache.spark.SparkException: Job aborted due to stage failure: Total size of serialized results of 41 tasks (4.1 GiB) is bigger than spark.driver.maxResultSize 4.0 GiB.',
  ],
  [
    'driver_oom',
    "Fatal error: The Python process exited with exit code 137 (SIGKILL: Killed). This may have been caused by an OOM error. Check your command's memory usage.",
  ],
  ['driver_oom', 'MemoryError: Unable to allocate 8.20 GiB for an array with shape (1100000000,) and data type float64'],
  [
    'driver_oom',
    'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 29.8 GiB for an array with shape (4000000000,) and data type int64',
  ],
  ['broadcast_oom', 'org.apache.spark.SparkException: Cannot broadcast the table that is larger than 8.0 GiB: 9.5 GiB.'],
  ['broadcast_oom', 'org.apache.spark.SparkException: Cannot broadcast the table over 512000000 rows: 600123456 rows'],
  [
    'broadcast_oom',
    'java.lang.OutOfMemoryError: Not enough memory to build and broadcast the table to all worker nodes. As a workaround, you can either disable broadcast by setting spark.sql.autoBroadcastJoinThreshold to -1 or increase the spark driver memory by setting spark.driver.memory to a higher value.',
  ],
  [
    'broadcast_oom',
    'org.apache.spark.sql.execution.OutOfMemorySparkException: Size of broadcasted table far exceeds estimates and exceeds limit of spark.driver.maxResultSize=4294967296. You can disable broadcasts for this query using set spark.sql.autoBroadcastJoinThreshold=-1',
  ],
  [
    'broadcast_timeout',
    'org.apache.spark.SparkException: Could not execute broadcast in 300 secs. You can increase the timeout for broadcasts via spark.sql.broadcastTimeout or disable broadcast join by setting spark.sql.autoBroadcastJoinThreshold to -1',
  ],
  [
    'broadcast_timeout',
    'java.util.concurrent.TimeoutException: Futures timed out after [300 seconds]\n\tat scala.concurrent.impl.Promise$DefaultPromise.ready(Promise.scala:259)\n\tat org.apache.spark.sql.execution.exchange.BroadcastExchangeExec.doExecuteBroadcast(BroadcastExchangeExec.scala:211)',
  ],
  ['driver_lost', 'The spark driver has stopped unexpectedly and is restarting. Your notebook will be automatically reattached.'],
  ['driver_lost', 'Driver is up but is not responsive, likely due to GC.'],
  ['driver_lost', 'The Spark driver is temporarily unavailable'],
  [
    'driver_lost',
    'Run result unavailable: job failed with error message\n Cluster 0102-150005-x1y2z3 became unreachable during run',
  ],
  ['driver_lost', 'Fatal error: The Python kernel is unresponsive.'],
  ['preempted', lost('worker lost: spot instance was terminated by the cloud provider', 'unrelated to the running tasks')],
  ['preempted', ended('SPOT_INSTANCE_TERMINATION (CLOUD_FAILURE). Parameters: instance_id:i-0abc')],
  ['preempted', 'The worker was preempted by Compute Engine'],
  ['preempted', 'Azure announced a Spot eviction for this VM'],
  ['nodes_lost', lost('worker lost', 'unrelated to the running tasks')],
  [
    'nodes_lost',
    lost(
      'Executor decommission: worker decommissioned because of kill request from HTTP endpoint (data migration disabled)',
      'unrelated to the running tasks',
    ),
  ],
  [
    'nodes_lost',
    lost(
      'Remote RPC client disassociated. Likely due to containers exceeding thresholds, or network issues. Check driver logs for WARN messages.',
    ),
  ],
  ['nodes_lost', lost('Executor heartbeat timed out after 151082 ms')],
  ['nodes_lost', ended('CLOUD_PROVIDER_SHUTDOWN (CLOUD_FAILURE)')],
  [
    'fetch_failed',
    'org.apache.spark.SparkException: Job aborted due to stage failure: ShuffleMapStage 20 (save at Load.scala:31) has failed the maximum allowable number of times: 4. Most recent failure reason: org.apache.spark.shuffle.FetchFailedException: Failed to connect to /10.0.3.12:4048',
  ],
  [
    'fetch_failed',
    aborted('org.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location for shuffle 3 partition 17'),
  ],
  [
    'fetch_failed',
    aborted(
      'FetchFailed(BlockManagerId(4, 10.0.3.12, 4048), shuffleId=3) java.io.FileNotFoundException: /local_disk0/blockmgr-7f/0c/shuffle_3_0_0.index (No such file or directory)',
    ),
  ],
  [
    'cluster_quota',
    ended(
      'AZURE_QUOTA_EXCEEDED_EXCEPTION (CLIENT_ERROR). Parameters: azure_error_code:QuotaExceeded,azure_error_message:Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota.',
    ),
  ],
  [
    'cluster_quota',
    'Unexpected failure while waiting for the cluster (0921-051500-abcd1234) to be ready: VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to.',
  ],
  [
    'cluster_quota',
    ended(
      "GCP_QUOTA_EXCEEDED (CLIENT_ERROR). Parameters: gcp_error_message:Quota 'CPUS' exceeded. Limit: 24.0 in region europe-west1.",
    ),
  ],
  [
    'cluster_quota',
    ended(
      'AWS_MAX_SPOT_INSTANCE_COUNT_EXCEEDED_FAILURE (CLOUD_FAILURE). Parameters: aws_error_message:Max spot instance count exceeded',
    ),
  ],
  ['cluster_quota', ended('AWS_INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET_FAILURE (CLOUD_FAILURE)')],
  [
    'cluster_stockout',
    ended(
      "CLOUD_PROVIDER_RESOURCE_STOCKOUT (CLOUD_FAILURE). Parameters: azure_error_code:SkuNotAvailable,azure_error_message:The requested VM size for resource 'Standard_DS3_v2' is currently not available in location 'brazilsouth'.",
    ),
  ],
  [
    'cluster_stockout',
    'Cluster 0921-051500-abcd1234 is in unexpected state Terminated: AWS_INSUFFICIENT_INSTANCE_CAPACITY_FAILURE(CLOUD_FAILURE): aws_api_error_code:InsufficientInstanceCapacity,aws_error_message:There is no Spot capacity available that matches your request.',
  ],
  [
    'cluster_stockout',
    'InsufficientInstanceCapacity: We currently do not have sufficient r5d.4xlarge capacity in the Availability Zone you requested (eu-west-1b).',
  ],
  [
    'cluster_stockout',
    ended('CLOUD_PROVIDER_LAUNCH_FAILURE (CLOUD_FAILURE). Parameters: azure_error_code:ZonalAllocationFailed'),
  ],
  [
    'cluster_stockout',
    'ZONE_RESOURCE_POOL_EXHAUSTED: The zone projects/p/zones/europe-west1-b does not have enough resources available to fulfill the request.',
  ],
  [
    'cluster_config',
    ended(
      'INVALID_ARGUMENT (CLIENT_ERROR). Parameters: databricks_error_message:spark.executor.memory exceeds the memory of the node',
    ),
  ],
  [
    'cluster_config',
    'INVALID_CLUSTER_REQUEST: Cluster validation error: Validation failed for node_type_id, the value must be present',
  ],
  ['cluster_config', ended('AWS_AUTHORIZATION_FAILURE (CLIENT_ERROR). Parameters: aws_api_error_code:UnauthorizedOperation')],
  ['cluster_config', ended('UNSUPPORTED_INSTANCE_TYPE (CLIENT_ERROR)')],
  [
    'cluster_start',
    ended('SPARK_STARTUP_FAILURE (SERVICE_FAULT). Parameters: databricks_error_message:Spark error: Driver down'),
  ],
  [
    'cluster_start',
    ended('BOOTSTRAP_TIMEOUT (CLOUD_FAILURE). Parameters: databricks_error_message:[id: InstanceId(i-0abc)] Bootstrap timed out'),
  ],
  [
    'cluster_start',
    'Run result unavailable: job failed with error message\n Unexpected failure while waiting for the cluster (0211-020010-q1w2e3) to be ready.Cause Unexpected state for cluster',
  ],
  ['cluster_start', 'Self-bootstrap failure during launch. Please try again later. code: SELF_BOOTSTRAP_FAILURE'],
  [
    'init_script',
    ended(
      'INIT_SCRIPT_FAILURE (CLIENT_ERROR). Parameters: instance_id:i-0abc,databricks_error_message:Cluster scoped init script dbfs:/init/install.sh failed: Script exit status is non-zero',
    ),
  ],
  ['init_script', ended('GLOBAL_INIT_SCRIPT_FAILURE (CLIENT_ERROR)')],
  [
    'library',
    'Library installation failed for library due to user error for pypi {\n  package: "pandsa==2.1"\n}\nError messages: ERROR: No matching distribution found for pandsa==2.1',
  ],
  [
    'library',
    'Library resolution failed. Cause: java.lang.RuntimeException: unresolved dependency: com.acme#etl;1.4.2: not found',
  ],
  [
    'library',
    "LIBRARY_INSTALLATION_ERROR: ReadTimeoutError: HTTPSConnectionPool(host='pypi.org', port=443): Read timed out. (read timeout=15)",
  ],
  ['library', "ModuleNotFoundError: No module named 'great_expectations'"],
  ['library', 'java.lang.NoClassDefFoundError: org/apache/spark/sql/kafka010/KafkaSourceProvider'],
  [
    'library',
    'AnalysisException: Failed to find data source: kafka. Please deploy the application as per the deployment section',
  ],
  [
    'unauthorized',
    'AnalysisException: [INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have permission SELECT on any file. SQLSTATE: 42501',
  ],
  [
    'unauthorized',
    "com.databricks.sql.managedcatalog.acl.UnauthorizedAccessException: PERMISSION_DENIED: User does not have USE SCHEMA on Schema 'main.sales'.",
  ],
  [
    'unauthorized',
    'java.nio.file.AccessDeniedException: s3a://acme-raw/orders: getFileStatus on s3a://acme-raw/orders: com.amazonaws.services.s3.model.AmazonS3Exception: Forbidden (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden; Request ID: X)',
  ],
  [
    'unauthorized',
    'Operation failed: "This request is not authorized to perform this operation using this permission.", 403, GET, https://acme.dfs.core.windows.net/raw, AuthorizationPermissionMismatch',
  ],
  ['unauthorized', "AADSTS7000222: The provided client secret keys for app '1a2b' are expired."],
  ['unauthorized', 'requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.acme.com/v1/orders'],
  [
    'table_missing',
    'AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`sales`.`orders` cannot be found. Verify the spelling and correctness of the schema and catalog. SQLSTATE: 42P01',
  ],
  [
    'table_missing',
    "AnalysisException: Table or view not found: sales.orders; line 1 pos 14;\n'UnresolvedRelation [sales, orders]",
  ],
  ['table_missing', 'AnalysisException: [SCHEMA_NOT_FOUND] The schema `sales_v2` cannot be found.'],
  ['table_missing', "[NO_SUCH_CATALOG_EXCEPTION] Catalog 'prod_eu' was not found."],
  ['path_missing', 'AnalysisException: [PATH_NOT_FOUND] Path does not exist: s3://acme-raw/orders/2026-11-20. SQLSTATE: 42K03'],
  [
    'path_missing',
    aborted(
      'com.databricks.sql.io.FileReadException: [FAILED_READ_FILE.FILE_NOT_EXIST] Error while reading file dbfs:/mnt/raw/part-00000.parquet. File does not exist.',
    ),
  ],
  ['path_missing', "FileNotFoundError: [Errno 2] No such file or directory: '/dbfs/mnt/raw/rates.csv'"],
  [
    'path_missing',
    'Unable to access the notebook "/Repos/etl/orders". Either it does not exist, or the identity used to run this job, etl-sp, lacks the required permissions.',
  ],
  [
    'path_missing',
    'software.amazon.awssdk.services.s3.model.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404)',
  ],
  [
    'delta_conflict',
    'io.delta.exceptions.ConcurrentAppendException: [DELTA_CONCURRENT_APPEND] ConcurrentAppendException: Files were added to partition [date=2026-11-20] by a concurrent update. Please try the operation again.',
  ],
  [
    'delta_conflict',
    'ConcurrentDeleteReadException: This transaction attempted to read one or more files that were deleted (for example part-00001.parquet) by a concurrent update.',
  ],
  [
    'delta_conflict',
    'com.databricks.sql.transaction.tahoe.ConcurrentDeleteDeleteException: This transaction attempted to delete one or more files that were deleted by a concurrent update.',
  ],
  ['delta_conflict', 'MetadataChangedException: The metadata of the Delta table has been changed by a concurrent update.'],
  [
    'delta_conflict',
    'ProtocolChangedException: The protocol version of the Delta table has been changed by a concurrent update.',
  ],
  [
    'delta_conflict',
    'io.delta.exceptions.ConcurrentTransactionException: This error occurs when multiple streaming queries are using the same checkpoint to write into this table.',
  ],
  ['timeout', 'Run timed out'],
  ['timeout', 'Task run timed out after 3600 seconds'],
  ['timeout', '[QUERY_EXECUTION_TIMEOUT_EXCEEDED] Query execution timed out after 9000 seconds'],
  [
    'transient',
    aborted(
      'com.amazonaws.services.s3.model.AmazonS3Exception: Please reduce your request rate. (Service: Amazon S3; Status Code: 503; Error Code: SlowDown; Request ID: X)',
    ),
  ],
  ['transient', aborted('java.net.SocketException: Connection reset')],
  ['transient', 'Operation failed: "The server is busy.", 503, PUT, https://acme.dfs.core.windows.net/raw, ServerBusy'],
  [
    'transient',
    "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
  ],
  [
    'transient',
    '{"error_code":"TEMPORARILY_UNAVAILABLE","message":"The service at /api/2.0/mlflow is temporarily unavailable. Please try again later."}',
  ],
  ['transient', 'requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.acme.com/v1/rates'],
  ['transient', ended('AWS_REQUEST_LIMIT_EXCEEDED (CLOUD_FAILURE). Parameters: aws_api_error_code:RequestLimitExceeded')],
  ['transient', aborted('java.net.SocketTimeoutException: Read timed out')],
  [
    'code',
    'AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `amuont` cannot be resolved.',
  ],
  ['code', 'AnalysisException: column "timeout" cannot be resolved given input columns: [id, amount]'],
  ['code', "ParseException: [PARSE_SYNTAX_ERROR] Syntax error at or near 'FORM'. SQLSTATE: 42601"],
  ['code', "NameError: name 'spot_instance' is not defined"],
  ['code', "KeyError: 'driver_memory'"],
  ['code', 'ValueError: quota must be positive'],
  [
    'code',
    aborted(
      "org.apache.spark.api.python.PythonException: 'Traceback (most recent call last):\n  File \"<command-1>\", line 4, in parse\nValueError: invalid literal for int() with base 10: 'n/a''",
    ),
  ],
  [
    'code',
    '[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. SQLSTATE: 22012',
  ],
  [
    'code',
    aborted(
      'org.apache.spark.SparkRuntimeException: [CAST_INVALID_INPUT] The value \'abc\' of the type "STRING" cannot be cast to "INT"',
    ),
  ],
  ['code', 'Exception: data quality check failed: 12 duplicate orders'],
  ['other', 'Workload failed, see run output for details'],
  ['other', 'WARN TaskRetry: retrying after OutOfMemoryError in another job'],
  ['other', 'com.microsoft.sqlserver.jdbc.SQLServerException: The database did not answer'],
  ['other', 'java.util.ConcurrentModificationException: KafkaConsumer is not safe for multi-threaded access'],
  ['other', 'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'],
  ['other', ''],
];

describe('the kind of a failure', () => {
  test.each(said)('is %s where the run says %j', (kind, text) => {
    expect(errorKind(texts({ said: text }))).toBe(kind);
  });

  test('every kind of a failure has a text in the table', () => {
    expect([...new Set([...said.map(([kind]) => kind), 'none'])].sort()).toEqual([...errorKinds].sort());
  });

  test.each<[string, Partial<FailureTexts>, ErrorKind]>([
    ['what was said counts before the trace', { said: 'NameError: x', trace: 'java.lang.OutOfMemoryError' }, 'code'],
    [
      'the trace tells what a wrapper does not',
      {
        said: 'Py4JJavaError: An error occurred while calling o1.save.',
        trace: 'Caused by: java.lang.OutOfMemoryError: Java heap space',
      },
      'executor_oom',
    ],
    [
      'a cause in the trace counts before a sign that was said',
      { said: lost('worker lost'), trace: 'SparkOutOfMemoryError' },
      'executor_oom',
    ],
    [
      'an event of the cluster tells what the texts do not',
      { said: 'Workload failed', events: 'NODES_LOST SPOT_INSTANCE_TERMINATION' },
      'preempted',
    ],
    ['a lost node explains a fetch that failed', { said: 'FetchFailedException', events: 'NODES_LOST ' }, 'nodes_lost'],
    ['a node that was lost and replaced is not why the code failed', { said: 'KeyError: 1', events: 'NODES_LOST ' }, 'code'],
    [
      'nor where only the class of the code’s error is told',
      { said: aborted('org.apache.spark.api.python.PythonException: acme.Bad'), events: 'NODES_LOST ' },
      'code',
    ],
    [
      'why the cluster was terminated decides whose memory it was',
      { said: 'java.lang.OutOfMemoryError: Java heap space\nReason: DRIVER_OUT_OF_MEMORY' },
      'driver_oom',
    ],
    ['a driver that did not answer is a sign only', { said: 'Workload failed', events: 'DRIVER_NOT_RESPONDING ' }, 'driver_lost'],
    ['the code is the last resort', { said: 'Workload failed', code: 'CLUSTER_ERROR' }, 'cluster_start'],
    [
      'a text counts before the code',
      { said: ended('INIT_SCRIPT_FAILURE (CLIENT_ERROR)'), code: 'CLUSTER_ERROR' },
      'init_script',
    ],
    ['a code that tells nothing is other', { code: 'RUN_EXECUTION_ERROR' }, 'other'],
    ['a code that nobody knows is other', { code: 'A_CODE_OF_NEXT_YEAR' }, 'other'],
    ['a code is no name of an object’s own', { code: 'constructor' }, 'other'],
  ])('%s', (_, given, kind) => {
    expect(errorKind(texts(given))).toBe(kind);
  });

  test.each<[string, ErrorKind | null]>([
    ['TIMEDOUT', 'timeout'],
    ['INVALID_CLUSTER_REQUEST', 'cluster_config'],
    ['LIBRARY_INSTALLATION_ERROR', 'library'],
    ['UNAUTHORIZED_ERROR', 'unauthorized'],
    ['RESOURCE_NOT_FOUND', 'path_missing'],
    ['DRIVER_ERROR', 'driver_lost'],
    ['CLOUD_FAILURE', 'transient'],
    ['INTERNAL_ERROR', 'transient'],
    ['STORAGE_ACCESS_ERROR', null],
    ['FAILED', null],
  ])('the code %s alone tells %s', (code, kind) => {
    expect(codeKind(code)).toBe(kind);
  });

  test('a failed run is never told as one that succeeded', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (text, trace, events) => {
        expect(errorKind(texts({ said: text, trace, events }))).not.toBe('none');
      }),
    );
  });
});
