import { expect, test } from 'vitest';
import { isAtLeast, runtimeOf } from '../../src/core/runtime.ts';

test.each([
  ['17.1.x-scala2.13', [17, 1], [4, 0]],
  ['16.4.x-scala2.12', [16, 4], [3, 5]],
  ['15.4.x-photon-scala2.12', [15, 4], [3, 5]],
  ['13.3.x-cpu-ml-scala2.12', [13, 3], [3, 4]],
  ['12.2.x-scala2.12', [12, 2], [3, 3]],
  ['10.4.x-scala2.12', [10, 4], [3, 2]],
  ['9.1.x-scala2.12', [9, 1], [3, 1]],
  ['7.3.x-scala2.12', [7, 3], [3, 0]],
  ['6.4.x-scala2.11', [6, 4], [2, 4]],
])('%s is a runtime of its own Spark', (text, databricks, spark) => {
  expect(runtimeOf(text)).toEqual({ databricks, spark });
});

test.each([null, '', 'custom:snapshot__x', 'auto:latest-lts', '4.3.x-scala2.11', '15.4', 'x15.4.x-scala2.12'])(
  '%s says no runtime',
  (text) => {
    expect(runtimeOf(text)).toBeNull();
  },
);

test.each([
  [[7, 3], [7, 3], true],
  [[7, 2], [7, 3], false],
  [[8, 0], [7, 3], true],
  [[10, 0], [9, 1], true],
  [[6, 9], [7, 0], false],
] as const)('%j is at least %j: %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
