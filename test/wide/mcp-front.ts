import { mkdtempSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf, newToken, writeTokens } from '../../src/doors/mcp/tokens.ts';
import { serve } from '../../src/doors/serve.ts';
import { startGithub } from '../../src/twin/github/index.ts';
import { APP_ID, APPLY_APP_ID, appKey, baseSeed } from '../support/github.ts';

/** `sluice serve` on the twin, and before its `/mcp` a front that says the token: the suite can send none. Host and Origin stay as they are. */
export async function startFront() {
  const twin = await startGithub(baseSeed, { clock: () => new Date() });
  const tokens = join(mkdtempSync(join(tmpdir(), 'sluice-mcp-')), 'tokens.json');
  const token = newToken();
  const added = new Date().toISOString();
  writeTokens(tokens, [{ sha256: hashOf(token), scope: 'read', repositories: ['acme/pipelines'], user: null, added }]);
  const app = { APP_ID: String(APP_ID), PRIVATE_KEY: appKey, WEBHOOK_SECRET: 's', SLUICE_APPLY_APP_ID: String(APPLY_APP_ID) };
  const at = { GITHUB_API_URL: twin.url, PORT: '0', LOG_LEVEL: 'fatal', SLUICE_RECORD_KEY: 'k', SLUICE_MCP_TOKENS: tokens };
  const served = await serve({ ...app, ...at });
  const front = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const said = { ...headers, authorization: `Bearer ${token}` };
    const sent = forward({ port: served.port, host: '127.0.0.1', method, path, headers: said }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = front.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://localhost:${port}/mcp`,
    token,
    async close() {
      front.closeAllConnections();
      front.close();
      await served.close();
      await twin.close();
    },
  };
}
