import { Octokit } from '@octokit/core';

/** A client that prints nothing: standard output belongs to the command, or to MCP. */
export function quietOctokit(baseUrl: string, auth?: string): Octokit {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  return new Octokit({ ...(auth && { auth }), baseUrl, log });
}
