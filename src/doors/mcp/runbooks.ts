import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RunbookFile } from '../../model/runbook.ts';
import type { McpWorld } from './sources.ts';

const MIME = 'text/markdown';

/** Each runbook of the repository as a resource `sluice://runbooks/<id>`, read when it is asked for. */
export function registerRunbooks(server: McpServer, { project }: Pick<McpWorld, 'project'>): void {
  const ids = async () => (await project.runbooks()).map(({ runbook }) => runbook.id);
  const template = new ResourceTemplate('sluice://runbooks/{id}', {
    list: async () => ({ resources: (await project.runbooks()).map(resourceOf) }),
    complete: { id: async (typed) => (await ids()).filter((id) => id.startsWith(typed)) },
  });
  const config = { title: 'Runbooks', description: 'How to recognise, diagnose and mend one known failure.', mimeType: MIME };
  server.registerResource('runbooks', template, config, async (uri, { id }) => {
    const file = (await project.runbooks()).find(({ runbook }) => encodeURIComponent(runbook.id) === id);
    if (!file) throw new Error(`there is no runbook ${id}: resources/list has them all`);
    return { contents: [{ uri: uri.href, mimeType: MIME, text: await project.textOf(file) }] };
  });
}

function resourceOf({ runbook: { id, title, alertnames } }: RunbookFile) {
  const description = `How to recognise, diagnose and mend it, for the alerts ${alertnames.join(', ') || 'that its symptoms fit'}.`;
  return { uri: `sluice://runbooks/${encodeURIComponent(id)}`, name: id, title, description, mimeType: MIME };
}
