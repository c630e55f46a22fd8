import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Happening, TwinGithub } from '../../src/twin/github/index.ts';
import type { Exchange } from '../../src/twin/github/server.ts';

interface Operation {
  readonly request?: object | null;
  readonly responses: Readonly<Record<string, object | null>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: object };
}

/** Any operation may answer these, whatever its own list says: GitHub documents them once for all. */
const GENERAL = new Set([304, 400, 401, 403, 404, 422]);

export interface Validator {
  /** What GitHub's schemas say is wrong, in order. */
  readonly violations: string[];
  /** How many bodies were held against a schema, so that a test can show that validation happened. */
  checked(): number;
  /** Holds one exchange against the description: how the validator itself is tested. */
  judge(exchange: Exchange): void;
}

const description = read();
const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true, inlineRefs: false });
addFormats.default(ajv);
// A bot's address has brackets in it, which the usual pattern refuses and GitHub sends.
ajv.addFormat('email', /^\S+@\S+$/);
// What a deployment status leaves out comes as an empty string.
ajv.addFormat('uri', /^$|^[a-z][a-z0-9+.-]*:\S+$/i);
ajv.addFormat('timestamp', true);
ajv.addFormat('repo.nwo', true);
ajv.addFormat('int64', true);
ajv.addFormat('int32', true);
ajv.addSchema({ $id: 'gh', ...description });
const compiled = new Map<string, ValidateFunction>();

/** Collects what the twin says that GitHub's description does not allow. Schemas compile when first needed. */
export function attachValidator(twin: TwinGithub): Validator {
  const violations: string[] = [];
  let checked = 0;
  const hold = (what: string, pointer: string, value: unknown) => {
    checked += 1;
    const validate = validatorAt(pointer);
    if (!validate(value)) violations.push(`${what}: ${ajv.errorsText(validate.errors?.slice(0, 3))}`);
  };
  const judge = (exchange: Exchange) => checkExchange(exchange, violations, hold);
  twin.onExchange(judge);
  twin.onEvent((event) => checkEvent(event, violations, hold));
  return { violations, checked: () => checked, judge };
}

/** Two faults of the description are mended: alternatives that overlap, and an account that had to be a person and an enterprise at once. */
function read(): Description {
  const text = gunzipSync(readFileSync(new URL('../fixtures/openapi/github.json.gz', import.meta.url))).toString();
  const found: Description = JSON.parse(text.replaceAll('"oneOf":', '"anyOf":'));
  const responses = { '200': { type: 'array', items: { $ref: '#/components/schemas/installation' } } };
  return { ...found, paths: { ...found.paths, '/app/installations': { get: { responses } } } };
}

type Hold = (what: string, pointer: string, value: unknown) => void;

function checkExchange(exchange: Exchange, violations: string[], hold: Hold): void {
  const { route, status } = exchange;
  if (route === null) return;
  const method = exchange.method.toLowerCase();
  const operation = description.paths[route]?.[method];
  const what = `${exchange.method} ${route}`;
  if (operation === undefined) {
    violations.push(`${what}: GitHub's extract has no such operation`);
    return;
  }
  const place = `gh#/paths/${pointerPart(route)}/${method}`;
  const known = operation.responses[String(status)];
  if (known === undefined && !GENERAL.has(status)) violations.push(`${what}: GitHub never answers ${status}`);
  else if (known !== undefined && known !== null && !isBinary(exchange))
    hold(`${what} → ${status}`, `${place}/responses/${status}`, exchange.responseBody);
  const sent = exchange.requestBody !== null && status < 400;
  if (sent && operation.request != null) hold(`${what} request`, `${place}/request`, exchange.requestBody);
}

/** Raw media types carry no JSON to compare. */
function isBinary(exchange: Exchange): boolean {
  return exchange.status === 200 && exchange.responseBody === null;
}

function checkEvent(event: Happening, violations: string[], hold: Hold): void {
  const action = event.payload.action;
  if (event.name === 'workflow_dispatch') return;
  const plain = event.name.replaceAll('_', '-');
  const name =
    event.name === 'repository_dispatch'
      ? 'repository-dispatch-sample.collected'
      : typeof action === 'string'
        ? `${plain}-${action.replaceAll('_', '-')}`
        : plain;
  if (description.webhooks[name] === undefined) {
    violations.push(`webhook ${name}: GitHub's extract has no such payload`);
    return;
  }
  const installed =
    event.name === 'repository_dispatch'
      ? { installation: { id: 1, node_id: 'x' }, ...event.payload, action: 'sample.collected' }
      : event.payload;
  hold(`webhook ${name}`, `gh#/webhooks/${pointerPart(name)}`, installed);
}

function validatorAt(pointer: string): ValidateFunction {
  const known = compiled.get(pointer);
  if (known !== undefined) return known;
  const made = ajv.compile({ $ref: pointer });
  compiled.set(pointer, made);
  return made;
}

function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
