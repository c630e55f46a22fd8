/**
 * Takes the place of `undici` in the Action's bundle. @actions/core brings it for OIDC through a proxy, which the Action does not ask
 * for; it would be a third of the bundle and of its start.
 */
export class ProxyAgent {
  constructor() {
    throw new Error('proxies are not part of this bundle');
  }
}
