import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';

/** A webhook as it came over the wire. */
export interface Delivered {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly payload: Payload;
}

export interface Payload {
  readonly action?: string;
  readonly issue?: { readonly number: number; readonly pull_request?: object };
  readonly installation?: { readonly id: number };
  readonly sender?: { readonly login: string };
}

export interface Inbox {
  readonly url: string;
  readonly delivered: readonly Delivered[];
  /** The first delivery like that; null when none came within two seconds. */
  wait(event: string, action?: string): Promise<Delivered | null>;
}

const PATIENCE_MS = 2000;

/** Takes webhooks until the test ends. */
export async function openInbox(): Promise<Inbox> {
  const delivered: Delivered[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const payload: Payload = JSON.parse(text);
      delivered.push({ event: String(request.headers['x-github-event']), headers: request.headers, text, payload });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
    delivered,
    wait: async (event, action) => {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
        const found = delivered.find((one) => one.event === event && (action === undefined || one.payload.action === action));
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return null;
    },
  };
}
