import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from '../../src/schema/alert.ts';
import { readEventsPage, readTaskError } from '../../src/schema/databricks.ts';
import { readFault } from '../../src/schema/databricks-error.ts';
import { readRunsPage } from '../../src/schema/databricks-run.ts';
import { withoutSecrets } from '../../src/schema/redact.ts';
import { readSparkLine } from '../../src/schema/spark-event.ts';
import { readStageList } from '../../src/schema/spark-rest.ts';

const hex = (length: number) => 'a1b2c3d4e5f60718'.repeat(8).slice(0, length);
const word = (length: number) => 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z'.repeat(4).slice(0, length);

const alertWith = (summary: string) => ({
  version: '4',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Lag' },
      annotations: { summary },
      startsAt: '2026-11-23T04:10:02.632Z',
      fingerprint: 'f',
    },
  ],
});

const stageInfo = (failure: string) => ({
  ...{ 'Stage ID': 1, 'Stage Attempt ID': 0, 'Stage Name': 'x', 'Number of Tasks': 1, 'Failure Reason': failure },
  ...{ 'Submission Time': 1, 'Completion Time': 2, Accumulables: [] },
});

/** Made here, so that no scanner takes this file for a leak: the sample, and the part that nobody may see. */
const SECRETS: readonly (readonly [string, string, string])[] = [
  ['a Databricks token', `dapi${hex(32)}`, hex(32)],
  ['a Databricks token with a version', `dapi${hex(32)}-2`, hex(32)],
  ['a Databricks client secret', `dose${hex(32)}`, hex(32)],
  ['a GitHub token', `ghp_${word(36)}`, word(36)],
  ['a GitHub App token', `ghs_${word(36)}`, word(36)],
  ['a fine-grained GitHub token', `github_pat_${word(22)}_${word(59)}`, word(59)],
  ['a Slack token', `xoxb-123456789012-${word(24)}`, word(24)],
  ['a Slack webhook', `https://hooks.slack.com/services/T0000/B0000/${word(24)}`, word(24)],
  ['an Anthropic key', `sk-ant-api03-${word(60)}`, word(60)],
  ['an AWS key id', `AKIA${'ABCDEFGH23456722'}`, 'ABCDEFGH23456722'],
  ['an AWS secret key', `aws_secret_access_key = ${word(40)}`, word(40)],
  ['an AWS secret key in Hadoop’s words', `fs.s3a.secret.key=${word(40)}`, word(40)],
  ['a private key', `-----BEGIN RSA PRIVATE KEY-----\nMII${word(60)}\n${word(60)}\n-----END RSA PRIVATE KEY-----`, word(60)],
  ['a private key that is cut off', `-----BEGIN PRIVATE KEY-----\nMII${word(60)}`, word(60)],
  [
    'a private key in JSON',
    `"private_key": "-----BEGIN PRIVATE KEY-----\\nMII${word(60)}\\n-----END PRIVATE KEY-----\\n"`,
    word(60),
  ],
  ['a JSON web token', `eyJ${word(20)}.eyJ${word(30)}.${word(43)}`, word(43)],
  ['a bearer header', `Authorization: Bearer ${word(40)}`, word(40)],
  ['a basic header', `authorization=Basic ${word(24)}==`, word(24)],
  ['a URL with a password', `postgres://etl:${word(12)}@db.internal:5432/orders`, word(12)],
  ['a JDBC password as a parameter', `jdbc:postgresql://db/orders?user=etl&password=${word(12)}`, word(12)],
  ['a JDBC password after a semicolon', `jdbc:sqlserver://db:1433;user=etl;password=${word(12)};encrypt=true`, word(12)],
  ['an Oracle URL', `jdbc:oracle:thin:etl/${word(12)}@db:1521/orders`, word(12)],
  ['an Azure account key', `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${word(86)}==;EndpointSuffix=y`, word(86)],
  ['an Azure SAS', `https://x.blob.core.windows.net/c?sv=2024&sig=${word(43)}%3D`, word(43)],
  ['an S3 presigned URL', `https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature=${hex(64)}`, hex(64)],
  [
    'a Kafka login',
    `org.apache.kafka.common.security.plain.PlainLoginModule required username="etl" password="${word(12)}";`,
    word(12),
  ],
  ['a password in JSON', `{"user": "etl", "password": "${word(12)}"}`, word(12)],
  ['a password in escaped JSON', `{\\"password\\": \\"${word(12)}\\"}`, word(12)],
  ['a key in YAML', `api_key: ${word(24)}`, word(24)],
  ['a token by its name', `"oauth.token": "${word(24)}"`, word(24)],
  ['a snowflake option', `sfPassword -> x, "sfpassword" => "${word(12)}"`, word(12)],
];

describe('outside text', () => {
  test.each(SECRETS)('%s is taken out', (_, sample, secret) => {
    const shown = withoutSecrets(`before ${sample} after`);
    expect(shown).not.toContain(secret);
    expect(shown).toContain('[redacted: ');
    expect(shown.startsWith('before ')).toBe(true);
  });

  test.each([
    [
      'an error of Spark',
      'org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 7.0 failed 4 times',
    ],
    ['a reference to a secret', 'spark.password {{secrets/prod/db}}'],
    ['a run’s address', 'https://adb-123.azuredatabricks.net/?o=123#job/456/run/789'],
    ['a commit', `merge commit ${'0123456789abcdef'.repeat(2)}01234567`],
    ['a table and its key columns', 'MERGE INTO orders USING staged ON orders.key = staged.key'],
    ['a trace line', '\tat org.apache.spark.sql.execution.datasources.FileFormatWriter$.write(FileFormatWriter.scala:231)'],
    ['an error of a parser', "Unexpected token: mismatched input 'FROM' expecting {',', ';'} (line 3)"],
    ['what a token is about', 'Invalid access token. The token has expired'],
    ['a host with a port', 'Connection refused: kafka://broker-1:9092'],
    ['an e-mail-like name', 'user@example.com ran jobs/orders.py'],
  ])('%s is left as it is', (_, text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  test('a reader still sees whose password it was', () => {
    expect(withoutSecrets('postgres://etl:hunter2@db/orders')).toBe('postgres://etl:[redacted: password]@db/orders');
  });

  test('is the same after a second look', () => {
    const sample = fc.constantFrom(...SECRETS.map(([, one]) => one));
    fc.assert(
      fc.property(fc.array(fc.oneof(sample, fc.string()), { maxLength: 6 }), (parts) => {
        const once = withoutSecrets(parts.join('\n'));
        expect(withoutSecrets(once)).toBe(once);
      }),
    );
  });

  test('hides a secret wherever it stands among other lines', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SECRETS),
        fc.array(fc.lorem(), { maxLength: 5 }),
        fc.nat(5),
        ([, sample, secret], lines, at) => {
          expect(withoutSecrets(lines.toSpliced(at % (lines.length + 1), 0, sample).join('\n'))).not.toContain(secret);
        },
      ),
    );
  });

  test.each([
    ['eyJ'],
    ['a:'],
    ['password='],
    ['-----BEGIN PRIVATE KEY-----'],
    ['jdbc:oracle:thin:'],
    ['Bearer '],
    ['https://a:'],
    ['pass"'],
  ])('of a megabyte of %j is read at once', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    expect(withoutSecrets(text).length).toBeGreaterThan(0);
  });
});

describe('a secret', () => {
  const secret = `dapi${hex(32)}`;

  test.each<readonly [string, (text: string) => unknown]>([
    ['in what a failed task said', (text) => readTaskError({ error: `failed: ${text}`, error_trace: `at line 1\n${text}` })],
    [
      'in why a cluster ended',
      (cause) => readEventsPage({ events: [{ type: 'TERMINATING', timestamp: 1, details: { cause } }] }),
    ],
    ['in the message of a run', (text) => readRunsPage({ runs: [{ run_id: 1, state: { state_message: text } }] })],
    [
      'in why a stage failed, in an event log',
      (text) =>
        readSparkLine(Buffer.from(JSON.stringify({ Event: 'SparkListenerStageCompleted', 'Stage Info': stageInfo(text) }))),
    ],
    [
      'in why a stage failed, as Spark’s UI tells it',
      (text) => readStageList([{ status: 'FAILED', stageId: 1, attemptId: 0, name: 'x', numTasks: 1, failureReason: text }]),
    ],
    ['in an error of the workspace', (text) => readFault(400, JSON.stringify({ error_code: 'X', message: text }))],
    ['in an annotation of an alert', (text) => parseAlertmanager(alertWith(text))],
    ['in an annotation, cut by its length', (text) => parseAlertmanager(alertWith(`${'x '.repeat(2030)}${text}`))],
    [
      'in an annotation, with invisible characters in it',
      (text) => parseAlertmanager(alertWith(text.replace('dapi', 'da\u200bpi'))),
    ],
  ])('%s is gone before anything keeps it', (_, read) => {
    const kept = JSON.stringify(read(secret));
    expect(kept.length).toBeGreaterThan(20);
    expect(kept).not.toContain(hex(32).slice(0, 12));
  });
});
