/** Hosts that may be spoken to without TLS, because nothing leaves the machine. */
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The origin of a workspace as configured (`https://adb-1.azuredatabricks.net`, or the bare host name).
 * Throws on http to anything but loopback, on credentials and on paths: the token must go nowhere else.
 */
export function workspaceOrigin(host: string): string {
  const url = new URL(/^[a-z]+:\/\//i.test(host) ? host : `https://${host}`);
  if (url.username !== '' || url.password !== '') throw new Error('a workspace host has no user name or password in it');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new Error(`a workspace host has no path: ${url.origin}`);
  if (url.protocol === 'http:' && !loopback.has(url.hostname))
    throw new Error(`plain http is refused except on loopback: ${url.host}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`not an https host: ${url.origin}`);
  return url.origin;
}
