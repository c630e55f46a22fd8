import type { Located } from './located.ts';
import type { Report } from './section.ts';

/** What addresses and credentials look like; the config is reviewed and public inside the company, so neither belongs in it. */
const ADDRESS = /[a-z][a-z0-9+.-]*:\/\/|\b[a-z0-9-]+\.(?:cloud\.databricks\.com|azuredatabricks\.net|gcp\.databricks\.com)\b/i;
const SECRET =
  /dapi[0-9a-f]{32}|\bgh[pousr]_[A-Za-z0-9]{20}|\bgithub_pat_|\bAKIA[0-9A-Z]{16}\b|-----BEGIN|\bxox[abprs]-|\beyJ[\w-]{10,}\.[\w-]{10,}|\bsk-ant-|(?:password|passwd|secret|token|api[_-]?key)\s*[=:]\s*\S/i;

/** What our own suggestions leave to be filled in. */
const PLACEHOLDER = /\bREPLACE-WITH-[A-Z-]+/;

/** Reports every text that cannot be meant here: an address or a secret, without repeating it, and what a suggestion left open. */
export function reportTexts(node: Located, report: Report): void {
  if (SECRET.test(node.text))
    report(
      node.line,
      'a value looks like a secret',
      'Take it out, revoke it, and give it as SLUICE_WORKSPACE_<NAME>_TOKEN or an Action input.',
    );
  else if (ADDRESS.test(node.text))
    report(
      node.line,
      'a value looks like an address',
      'Name a workspace here and give its address as SLUICE_WORKSPACE_<NAME>_HOST.',
    );
  const [open] = PLACEHOLDER.exec(node.text) ?? [];
  if (open !== undefined) report(node.line, `a value still says ${open}`, 'Write your own in its place.');
  for (const member of node.members.values()) reportTexts(member, report);
  for (const item of node.items) reportTexts(item, report);
}
