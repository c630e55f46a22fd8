// Writes the part of GitHub's OpenAPI description that the twin speaks to test/fixtures/openapi/github.json.gz.
// @octokit/openapi is 385 MB, so it is packed into a temporary folder and only one of its files is read.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { OPERATIONS, WEBHOOKS } from './openapi-operations.js';

const VERSION = '23.0.2';
const FOLDER = fileURLToPath(new URL('../test/fixtures/openapi/', import.meta.url));
const WORDS_ONLY = new Set([
  'description',
  'example',
  'examples',
  'summary',
  'externalDocs',
  'tags',
  'title',
  'x-github',
  'operationId',
]);
const SPEC = 'package/generated/api.github.com.json';

const { description, notice } = download();
const pointers = new Set();
const paths = {};
for (const operation of OPERATIONS) addOperation(operation);
const webhooks = Object.fromEntries(WEBHOOKS.map((name) => [name, lean(webhookSchema(name))]));
const components = reachable({ paths, webhooks });
const document = { source: `@octokit/openapi@${VERSION} ${SPEC}`, license: 'MIT', paths, webhooks, components };
writeFileSync(join(FOLDER, 'github.json.gz'), gzipSync(JSON.stringify(document), { level: 9 }));
writeFileSync(join(FOLDER, 'NOTICE.md'), `${notice}\n`);
process.stdout.write(`${OPERATIONS.length} operations, ${WEBHOOKS.length} webhooks, ${pointers.size} schemas\n`);

function download() {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    execFileSync('npm', ['pack', `@octokit/openapi@${VERSION}`, '--silent'], { cwd: folder });
    execFileSync('tar', ['xzf', `octokit-openapi-${VERSION}.tgz`, SPEC, 'package/LICENSE'], { cwd: folder });
    const license = readFileSync(join(folder, 'package/LICENSE'), 'utf8').trim();
    return {
      description: JSON.parse(readFileSync(join(folder, SPEC), 'utf8')),
      notice: `github.json.gz is an extract (scripts/extract-openapi.js) of @octokit/openapi ${VERSION}, ${SPEC}.\n\n${license}`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function addOperation(operation) {
  const [method, path] = operation.split(' ');
  const found = description.paths[path]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`GitHub describes no ${operation}`);
  paths[path] ??= {};
  const responses = Object.entries(found.responses).map(([status, response]) => [status, jsonOf(response)]);
  const body = found.requestBody === undefined ? undefined : jsonOf(found.requestBody);
  paths[path][method.toLowerCase()] = { request: body, responses: Object.fromEntries(responses) };
}

/** The JSON schema of a request body or a response; null when it carries no JSON. */
function jsonOf(part) {
  const found = part.$ref === undefined ? part : follow(part.$ref);
  const media = found.content?.['application/json'] ?? Object.values(found.content ?? {})[0];
  return media?.schema === undefined ? null : lean(media.schema);
}

function webhookSchema(name) {
  const post = description['x-webhooks'][name]?.post;
  if (post === undefined) throw new Error(`GitHub describes no webhook ${name}`);
  return post.requestBody.content['application/json'].schema;
}

function follow(reference) {
  return reference
    .split('/')
    .slice(1)
    .reduce((place, key) => place[key], description);
}

/** Without words, and with OpenAPI 3.0's `nullable` said as JSON Schema says it (ajv refuses `nullable` without `type`). */
function lean(schema, named = false) {
  if (Array.isArray(schema)) return schema.map((one) => lean(one));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key]) => named || !(WORDS_ONLY.has(key) || key === 'nullable' || key === 'deprecated'),
  );
  const literal = (key) => !named && (key === 'enum' || key === 'required');
  const plain = Object.fromEntries(
    kept.map(([key, value]) => [key, literal(key) ? value : lean(value, !named && key === 'properties')]),
  );
  return !named && schema.nullable === true ? { anyOf: [{ type: 'null' }, plain] } : plain;
}

function reachable(root) {
  const found = {};
  const queue = [root];
  while (queue.length > 0)
    JSON.stringify(queue.pop(), (key, value) => {
      if (key === '$ref' && typeof value === 'string' && !pointers.has(value)) {
        pointers.add(value);
        const name = value.split('/').at(-1);
        found[name] = lean(follow(value));
        queue.push(found[name]);
      }
      return value;
    });
  return { schemas: found };
}
