import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';

/** Where Spark's monitoring REST API answers: a Spark UI or a History Server, with whatever path is in front of `/api/v1`. */
export interface SparkConnection {
  readonly url: string;
  /** Extra headers, such as an authorization. They go to this address alone. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** Milliseconds before one request is given up; 15,000. */
  readonly timeoutMs?: number;
}

const largestAnswer = 64 * 1024 * 1024;

/** One read below `/api/v1`. Every `why` begins with one word: `missing`, `forbidden`, `unreachable` or `unreadable`. */
export async function askSpark<T>(
  connection: SparkConnection,
  path: string,
  read: (value: unknown) => T | null,
): Promise<Known<T>> {
  const url = `${connection.url.replace(/\/+$/, '')}/api/v1/${path}`;
  try {
    const response = await (connection.fetch ?? fetch)(url, {
      headers: { ...connection.headers, accept: 'application/json', 'user-agent': 'sluice/0.1' },
      redirect: 'manual',
      signal: AbortSignal.timeout(connection.timeoutMs ?? 15_000),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return unknown(refusal(response.status, path));
    }
    const text = await boundedText(response);
    const value = read(parsed(text));
    return value === null ? unknown(`unreadable: the answer to ${named(path)} is not Spark's`) : known(value);
  } catch (error) {
    return unknown(faultOf(error, path));
  }
}

function refusal(status: number, path: string): string {
  if (status >= 300 && status < 400) return `unreachable: ${named(path)} was answered with a redirect, which is refused`;
  if (status === 404) return `missing: Spark knows no ${named(path)}`;
  if (status === 401 || status === 403) return `forbidden: ${status} from Spark for ${named(path)}`;
  return `unreachable: ${status} from Spark for ${named(path)}`;
}

function faultOf(error: unknown, path: string): string {
  if (error instanceof TooLarge) return `unreadable: the answer to ${named(path)} is larger than 64 MiB`;
  const late = error instanceof Error && error.name === 'TimeoutError';
  return `unreachable: ${late ? `no answer in time to ${named(path)}` : 'the connection to Spark broke'}`;
}

class TooLarge extends Error {}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > largestAnswer) throw new TooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function named(path: string): string {
  return `/${path.split('?')[0]}`.slice(0, 200);
}
