import type { Route } from './route.ts';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | null;

/** These stand for the rest of the path, slashes included; a branch too, since GitHub accepts it unescaped. */
const WHOLE_REST = new Set(['path', 'ref', 'branch', 'basehead', 'environment_name']);

export function createRouter(routes: readonly Route[]): Router {
  // The template with more words in it is the more specific one: issues/comments before issues/{issue_number}.
  const ordered = [...routes].sort((a, b) => words(b.path) - words(a.path));
  const compiled: readonly Compiled[] = ordered.map((route) => ({ route, pattern: compile(route.path) }));
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found !== null) return { route, params: decoded(found.groups ?? {}) };
    }
    return null;
  };
}

function words(template: string): number {
  return template.split('/').filter((part) => part !== '' && !part.startsWith('{')).length;
}

function compile(template: string): RegExp {
  const source = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name: string) => {
    return WHOLE_REST.has(name) ? `(?<${name}>.*?)` : `(?<${name}>[^/]+)`;
  });
  // The root folder is an empty path, whose slash Octokit leaves out.
  return new RegExp(`^${source.replace('/(?<path>.*?)', '(?:/(?<path>.*?))?')}/?$`);
}

function decoded(groups: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value ?? '')]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
