import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { readRunbookFiles } from '../cli/checkout.ts';
import type { McpWorld } from './sources.ts';

/** Each runbook of the checkout (or, without any, those that come with Sluice) as a resource `sluice://runbooks/<id>`. */
export function registerRunbooks(server: McpServer, { folder }: McpWorld): void {
  const { root, runbooks } = readRunbookFiles(folder);
  for (const { runbook } of runbooks) {
    const uri = `sluice://runbooks/${encodeURIComponent(runbook.id)}`;
    const description = `How to recognise, diagnose and mend it, for the alerts ${runbook.alertnames.join(', ') || 'that its symptoms fit'}.`;
    const mimeType = 'text/markdown';
    server.registerResource(runbook.id, uri, { title: runbook.title, description, mimeType }, () => ({
      contents: [{ uri, mimeType, text: readFileSync(join(root, runbook.file), 'utf8') }],
    }));
  }
}
