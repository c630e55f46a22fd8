import { GraphQLError } from 'graphql';

export interface Slice {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

const MOST = 100;

/** One page of nodes with cursors; GitHub insists on `first` or `last`, at most 100. Only what is on the page is made a node. */
export function connection<Item, Node>(all: readonly Item[], slice: Slice, node: (item: Item) => Node) {
  const size = slice.first ?? slice.last;
  if (size === null || size === undefined)
    throw new GraphQLError('You must provide a `first` or `last` value to properly paginate the connection.');
  if (size < 0 || size > MOST)
    throw new GraphQLError(`Requesting ${size} records on the connection exceeds the \`first\` limit of ${MOST} records.`);
  const from = slice.after == null ? 0 : indexOf(slice.after) + 1;
  const to = slice.before == null ? all.length : indexOf(slice.before);
  const start = slice.first == null ? Math.max(from, to - size) : from;
  const end = slice.first == null ? to : Math.min(to, from + size);
  const nodes = all.slice(start, end).map(node);
  return {
    totalCount: all.length,
    filteredCount: all.length,
    pageCount: nodes.length,
    nodes,
    edges: nodes.map((one, index) => ({ node: one, cursor: cursorOf(start + index) })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length === 0 ? null : cursorOf(start),
      endCursor: nodes.length === 0 ? null : cursorOf(end - 1),
    },
  };
}

function cursorOf(index: number): string {
  return Buffer.from(`cursor:${index}`).toString('base64');
}

function indexOf(cursor: string): number {
  const found = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (found === null) throw new GraphQLError(`\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(found[1]);
}
