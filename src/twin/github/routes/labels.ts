import { fieldsOf, isList } from '../json.ts';
import { ensureLabel, labelNamed, labelNames, setLabels } from '../labels.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, needs, nothing, ok, paged, param, REPO, type Route, required, writer } from '../route.ts';
import { labelShape, labelsOf } from '../shapes/issue.ts';
import { issueParam, READ_THREAD } from './issues.ts';

const LABELS = `${REPO}/issues/{issue_number}/labels`;
const WRITE = needs('triage', 'issues:write', 'pull_requests:write');

export const LABEL_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${REPO}/labels`, need: READ_THREAD, run: all },
  { method: 'POST', path: `${REPO}/labels`, need: needs('write', 'issues:write', 'pull_requests:write'), run: create },
  { method: 'GET', path: `${REPO}/labels/{name}`, need: READ_THREAD, run: one },
  { method: 'GET', path: LABELS, need: READ_THREAD, run: listed },
  { method: 'POST', path: LABELS, need: WRITE, run: add },
  { method: 'PUT', path: LABELS, need: WRITE, run: (call) => replace(call, wanted(call)) },
  { method: 'DELETE', path: LABELS, need: WRITE, run: clear },
  { method: 'DELETE', path: `${LABELS}/{name}`, need: WRITE, run: remove },
];

function all(call: Call): Answer {
  return paged(call, [...call.world.labels.values()], (label) => labelShape(call.world, label));
}

function one(call: Call): Answer {
  const label = labelNamed(call.world, param(call, 'name'));
  if (label === null) throw notFound();
  return ok(labelShape(call.world, label));
}

function create(call: Call): Answer {
  const name = required(call, 'name');
  if (labelNamed(call.world, name) !== null) throw invalid('Label', 'name', 'already_exists');
  const { color, description } = call.body;
  const words = typeof description === 'string' ? description : null;
  if (typeof color === 'string' && !/^[0-9a-f]{6}$/i.test(color)) throw invalid('Label', 'color', 'invalid');
  return ok(labelShape(call.world, ensureLabel(call.world, name, typeof color === 'string' ? color : undefined, words)), 201);
}

function listed(call: Call): Answer {
  return paged(call, labelsOf(call.world, issueParam(call)), (label) => label);
}

function wanted(call: Call): readonly string[] {
  return labelNames(isList(call.body.labels) ? call.body.labels : fieldsOf(call.body).labels);
}

function add(call: Call): Answer {
  return replace(call, [...issueParam(call).labels, ...wanted(call)]);
}

function replace(call: Call, names: readonly string[]): Answer {
  const issue = issueParam(call);
  setLabels(call.world, { actor: call.actor, account: writer(call) }, issue, names);
  return ok(labelsOf(call.world, issue));
}

function clear(call: Call): Answer {
  replace(call, []);
  return nothing();
}

function remove(call: Call): Answer {
  const issue = issueParam(call);
  const name = param(call, 'name').toLowerCase();
  const rest = issue.labels.filter((label) => label.toLowerCase() !== name);
  if (rest.length === issue.labels.length) throw new Refusal(404, 'Label does not exist');
  return replace(call, rest);
}
