import { request } from 'node:https';
import type { MetricsTls } from '../../schema/metrics-access.ts';
import { secretFile } from './secret-file.ts';

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for the whole of it. */
  readonly timeoutMs: number;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Posts one question; never follows a redirect. Throws on a broken wire, on time, and `TooLarge`. */
export type Send = (question: Question) => Promise<Reply>;

export class TooLarge extends Error {}

/** 10,000 series of 300 points are larger; an answer of one series is a thousandth. */
const largestAnswer = 32 * 1024 * 1024;

export function sendByFetch(ask: typeof fetch): Send {
  return async ({ url, headers, body, timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await ask(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    return { status: response.status, text: await bounded(response.body ?? []) };
  };
}

/** With own certificates, which `fetch` cannot be given. */
export function sendByTls(tls: MetricsTls): Send {
  return ({ url, headers, body, timeoutMs }) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const sized = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
      const asked = request(url, { ...certificates(tls), method: 'POST', headers: sized, signal, agent: false });
      const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error);
      asked.on('error', fail);
      asked.on('response', (response) => {
        bounded(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), fail);
      });
      asked.end(body);
    });
}

function certificates({ cert, key, ca }: MetricsTls) {
  return {
    ...(cert === null ? {} : { cert: pem(cert) }),
    ...(key === null ? {} : { key: pem(key) }),
    ...(ca === null ? {} : { ca: pem(ca) }),
  };
}

function pem(textOrPath: string): string {
  return textOrPath.startsWith('-----BEGIN') ? textOrPath.replaceAll('\\n', '\n') : secretFile(textOrPath);
}

async function bounded(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.byteLength;
    if (size > largestAnswer) throw new TooLarge();
    read.push(part);
  }
  return Buffer.concat(read).toString();
}
