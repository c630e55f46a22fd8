const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Where `/mcp` is: the address that clients use, and the names under which a browser's page could not have reached it by a trick. */
export interface Places {
  /** Of the outside, such as `https://sluice.example.com`; null: it is reached on this machine only. */
  readonly url: string | null;
}

/**
 * Why a request is not answered, by its Host and Origin; null: it may go on. A page whose name was made to point at this machine (DNS
 * rebinding) says its own name in both.
 */
export function strangerIn(
  { host, origin }: { readonly host?: string | undefined; readonly origin?: string | undefined },
  { url }: Places,
): 'Host' | 'Origin' | null {
  const names = [...LOOPBACK, ...(url === null ? [] : [new URL(url).hostname])];
  if (!names.includes(hostnameOf(`http://${host ?? ''}`))) return 'Host';
  if (origin !== undefined && !names.includes(hostnameOf(origin))) return 'Origin';
  return null;
}

/** What the Host header says, once it is known to be one of ours: only then an address may be built from it. */
export function addressOf(host: string, { url }: Places): string {
  return url ?? `http://${host}`;
}

function hostnameOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}
