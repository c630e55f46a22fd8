import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

/** A running server on 127.0.0.1; `url` has no trailing slash. */
export interface Loopback {
  readonly url: string;
  close(): Promise<void>;
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A request longer than this is refused: every body that the twins read is small. */
const longestBody = 16 * 1024 * 1024;

export function listenLoopback(answer: Answering): Promise<Loopback> {
  const server = createServer((request, response) => {
    Promise.resolve()
      .then(() => answer(request, response))
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else answerJson(response, 500, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      });
  });
  // Node's default of 5 s resets idle keep-alive connections of Prometheus and Alertmanager.
  server.keepAliveTimeout = 70_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('the loopback server has no port'));
      resolve({ url: `http://127.0.0.1:${address.port}`, close: () => closeServer(server) });
    });
  });
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  answerText(response, status, 'application/json', JSON.stringify(body));
}

export function answerText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > longestBody) throw new RangeError('the request body is too long');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
