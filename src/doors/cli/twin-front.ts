import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';

/** Servers by the start of the paths that they answer; the first that fits gets a request. */
type Routes = readonly (readonly [prefix: string, url: string])[];

/** One address on loopback in front of several servers. */
export interface Front {
  readonly url: string;
  /** From now on requests are passed to these; before, all are answered 503. */
  open(routes: Routes): void;
  close(): Promise<void>;
}

/** Takes the port before anything slow is started. A broken server behind it answers 502. Rejects when the port is taken. */
export function startFront(port: number): Promise<Front> {
  let routes: Routes | null = null;
  const server = createServer((request, response) => {
    const found = routes?.find(([prefix]) => (request.url ?? '/').startsWith(prefix));
    if (found) pass(request, response, found[1]);
    else response.writeHead(routes ? 404 : 503).end();
  });
  const open = (opened: Routes) => {
    routes = opened;
  };
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
      resolve({ url, open, close });
    });
  });
}

function pass(request: IncomingMessage, response: ServerResponse, url: string): void {
  const onward = requestOf(
    new URL(request.url ?? '/', url),
    { method: request.method ?? 'GET', headers: { ...request.headers, host: new URL(url).host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      // A server that breaks off must look broken here too: that is what a rehearsed fault is for.
      answer.once('error', () => response.destroy());
    },
  );
  onward.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  request.pipe(onward);
}
