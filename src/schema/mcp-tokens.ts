import * as z from 'zod/mini';

/** A token of the HTTP door, kept as its SHA-256: what it may do, in which repositories, and who it speaks for. */
export interface McpToken {
  readonly sha256: string;
  /** `propose` may read too. */
  readonly scope: 'read' | 'propose';
  /** `owner/name`; it opens nothing anywhere else. */
  readonly repositories: readonly string[];
  /** Who shaped whatever is proposed with it; only a token that reads may have nobody. */
  readonly user: { readonly id: number; readonly login: string } | null;
  /** ISO instant. */
  readonly added: string;
}

const Token = z
  .strictObject({
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    scope: z.enum(['read', 'propose']),
    repositories: z.array(z.string().check(z.regex(/^[\w.-]+\/[\w.-]+$/))).check(z.minLength(1)),
    user: z.nullable(z.strictObject({ id: z.int().check(z.positive()), login: z.string().check(z.minLength(1)) })),
    added: z.string(),
  })
  .check(z.refine((token) => token.scope === 'read' || token.user !== null));

const Tokens = z.strictObject({ tokens: z.array(Token) });

/** The tokens of a file; throws, saying where, when any of it is not of the form: half a list would let in whoever was left out. */
export function parseMcpTokens(text: string): readonly McpToken[] {
  const parsed = Tokens.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data.tokens;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'is not of the form'}`);
}
