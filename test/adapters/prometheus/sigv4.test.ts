import { describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../src/adapters/prometheus/sigv4.ts';

/** AWS's published Signature Version 4 test suite: its key, its instant, its expected signatures. */
const key = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
  region: 'us-east-1',
  service: 'service',
};
const now = new Date('2015-08-30T12:36:00Z');
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const vectors: Readonly<
  Record<string, readonly [method: string, path: string, headers: Record<string, string>, body: string, signature: string]>
> = {
  'get-vanilla': ['GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  'get-vanilla-query-order-key-case': [
    ...(['GET', '/?Param2=value2&Param1=value1', {}, ''] as const),
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  'get-vanilla-empty-query-key': [
    ...(['GET', '/?Param1=value1', {}, ''] as const),
    'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  ],
  'get-header-value-trim': [
    ...(['GET', '/', { 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' }, ''] as const),
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  'post-vanilla': ['POST', '/', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  'post-x-www-form-urlencoded': [
    ...(['POST', '/', form, 'Param1=value1'] as const),
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
};

describe('a signature of AWS', () => {
  test.each(Object.entries(vectors))('is the published one: %s', (_, [method, path, headers, body, signature]) => {
    const url = new URL(`https://example.amazonaws.com${path}`);

    const { authorization } = signatureHeaders({ method, url, headers, body }, key, now);

    const names = ['host', 'x-amz-date', ...Object.keys(headers).map((name) => name.toLowerCase())].sort().join(';');
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });

  test('of temporary credentials signs their token and sends it', () => {
    const url = new URL('https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/api/v1/query');
    const headers = signatureHeaders(
      { method: 'POST', url, headers: form, body: 'query=up' },
      { ...key, sessionToken: 'tok' },
      now,
    );

    expect(headers['x-amz-security-token']).toBe('tok');
    expect(headers.authorization).toContain('SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,');
  });
});
