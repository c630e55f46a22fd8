/** What a pattern finds, and what is left of it: the groups `keep` (before) and `after` stay, so that a reader sees what was there. */
interface Pattern {
  readonly what: string;
  readonly finds: RegExp;
}

/** Names whose value is a secret wherever it is written `name=value`, `name: value` or `"name": "value"`, whatever stands before them. */
const NAMES = 'pass(?:word|wd|phrase)|pwd|secret|(?:api|account|access|private|secret|storage)[-_. ]?key|authorization';
/** Names that are words of errors, too (`unexpected token: …`): their value has to look like one. */
const WORDS = 'token|credentials?';
const ASSIGNED = '(?:\\\\?["\'])?\\s{0,3}(?:=>|[=:])\\s{0,3}';

/**
 * In this order: what spans lines first, then what is known by its own shape, then what is known by its name. Each stops at the first
 * character that cannot belong to it, and none can look back, so a text is read once a pattern however it is made.
 */
const PATTERNS: readonly Pattern[] = [
  {
    what: 'private key',
    finds:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  { what: 'Databricks token', finds: /\bd(?:api|ose|kea|sapi)[0-9a-f]{32}(?:-\d{1,3})?\b/g },
  { what: 'GitHub token', finds: /\b(?:gh[pousr]_[A-Za-z0-9_]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g },
  { what: 'Slack token', finds: /\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{8,}/g },
  { what: 'Slack webhook', finds: /\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]+/g },
  { what: 'model provider key', finds: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/g },
  { what: 'AWS key id', finds: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { what: 'Google key', finds: /\bAIza[0-9A-Za-z_-]{35}/g },
  { what: 'npm token', finds: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'PyPI token', finds: /\bpypi-[A-Za-z0-9_-]{50,}/g },
  { what: 'payment key', finds: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { what: 'token', finds: /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*/g },
  {
    what: 'credentials',
    finds: /(?<keep>\b(?:Bearer|Basic|Digest|Negotiate|AWS4-HMAC-SHA256)\s+)[A-Za-z0-9._~+/=,:-]{6,}/gi,
  },
  {
    what: 'signature',
    finds: /(?<keep>[?&;](?:sig|signature|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature)=)(?!\[redacted)[^\s&"'<>]+/gi,
  },
  {
    what: 'password',
    finds: /(?<keep>\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@"'<>]{0,100}:)(?!\[redacted)[^\s/@"'<>]{1,200}(?<after>@)/gi,
  },
  { what: 'password', finds: /(?<keep>\bjdbc:oracle:[a-z]+:[^\s/@]{1,100}\/)(?!\[redacted)[^\s@]{1,200}(?<after>@)/gi },
  {
    what: 'secret',
    finds: new RegExp(
      `(?<keep>(?:${NAMES})${ASSIGNED})(?:\\\\?"[^"\\n]{1,4000}"|'[^'\\n]{1,4000}'|(?!\\[redacted|\\{\\{secrets/)[^\\s,;&"'<>\\])}]{1,4000})`,
      'gi',
    ),
  },
  {
    what: 'secret',
    finds: new RegExp(
      `(?<keep>(?:${WORDS})${ASSIGNED}(?:\\\\?["'])?)(?=[A-Za-z._~+/=-]{0,200}\\d)[A-Za-z0-9._~+/=-]{12,4000}`,
      'gi',
    ),
  },
];

/**
 * Outside text without what looks like a secret: each is replaced by `[redacted: what it was]`. Our own patterns, because scanners miss JDBC
 * and bearer forms and give wrong ranges for others; a password in prose, and personal data in rows, are not found by any pattern.
 */
export function withoutSecrets(text: string): string {
  return PATTERNS.reduce((left, pattern) => left.replace(pattern.finds, (...found) => mark(pattern.what, found.at(-1))), text);
}

/** The beginning of outside text without secrets; a secret that is cut looks like none, so cutting comes last. `most`: UTF-16 units. */
export function beginningOf(text: string, most: number): string {
  return withoutSecrets(text.slice(0, 4 * most)).slice(0, most);
}

function mark(what: string, groups: unknown): string {
  const { keep = '', after = '' } = typeof groups === 'object' && groups !== null ? { ...groups } : {};
  return `${keep}[redacted: ${what}]${after}`;
}
