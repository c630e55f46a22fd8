import * as z from 'zod/mini';
import type { Note, Thread } from '../model/thread.ts';

const Issue = z.object({
  number: z.number(),
  state: z.string(),
  title: z.string(),
  body: z.optional(z.nullable(z.string())),
  labels: z.array(z.union([z.string(), z.object({ name: z.optional(z.string()) })])),
  closed_at: z.nullable(z.string()),
  created_at: z.string(),
  pull_request: z.optional(z.unknown()),
});

const Comment = z.object({
  id: z.number(),
  body: z.optional(z.string()),
  created_at: z.string(),
  user: z.nullable(z.object({ login: z.string() })),
});

const Review = z.object({
  id: z.number(),
  body: z.optional(z.nullable(z.string())),
  // A review that is not submitted yet has no time.
  submitted_at: z.optional(z.nullable(z.string())),
  user: z.nullable(z.object({ login: z.string() })),
});

export function parseIssues(answer: unknown): Thread[] {
  return z
    .array(Issue)
    .parse(answer)
    .map((issue) => ({
      number: issue.number,
      state: issue.state === 'open' ? 'open' : 'closed',
      title: issue.title,
      body: issue.body ?? '',
      labels: issue.labels.flatMap((label) => (typeof label === 'string' ? [label] : label.name ? [label.name] : [])),
      createdAt: issue.created_at,
      closedAt: issue.closed_at,
      isPull: issue.pull_request !== undefined,
    }));
}

export function parseNotes(answer: unknown): (Omit<Note, 'ours'> & { readonly login: string })[] {
  return z
    .array(Comment)
    .parse(answer)
    .map((comment) => ({
      id: comment.id,
      body: comment.body ?? '',
      createdAt: comment.created_at,
      login: comment.user?.login ?? 'ghost',
    }));
}

/** Reviews of a pull request as notes: their text is shown among its comments. */
export function parseReviews(answer: unknown): (Omit<Note, 'ours'> & { readonly login: string })[] {
  return z
    .array(Review)
    .parse(answer)
    .map((review) => ({
      id: review.id,
      body: review.body ?? '',
      createdAt: review.submitted_at ?? '',
      login: review.user?.login ?? 'ghost',
    }));
}
