import { describe, expect, test } from 'vitest';
import { workspaceOrigin } from '../../../src/adapters/databricks/address.ts';

describe('a workspace host', () => {
  test.each([
    ['https://adb-1.azuredatabricks.net', 'https://adb-1.azuredatabricks.net'],
    ['https://adb-1.azuredatabricks.net/', 'https://adb-1.azuredatabricks.net'],
    ['adb-1.azuredatabricks.net', 'https://adb-1.azuredatabricks.net'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ])('%s is %s', (host, origin) => {
    expect(workspaceOrigin(host)).toBe(origin);
  });

  test.each([
    'http://adb-1.azuredatabricks.net',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:secret@adb-1.azuredatabricks.net',
    'https://adb-1.azuredatabricks.net/api',
    'https://adb-1.azuredatabricks.net/?o=1',
    'ftp://127.0.0.1',
  ])('%s is refused, and the message holds no secret', (host) => {
    expect(() => workspaceOrigin(host)).toThrow();
    try {
      workspaceOrigin(host);
    } catch (error) {
      expect(String(error)).not.toContain('secret');
    }
  });
});
