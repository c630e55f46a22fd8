import { BASE } from './sdl/base.ts';
import { MUTATIONS } from './sdl/mutations.ts';
import { OBJECTS } from './sdl/objects.ts';
import { PROTECTION } from './sdl/protection.ts';
import { QUEUE } from './sdl/queue.ts';
import { TEAMS } from './sdl/teams.ts';
import { THREADS } from './sdl/threads.ts';

/** A subset of GitHub's GraphQL schema; a test holds it against @octokit/graphql-schema. */
export const SDL = [BASE, OBJECTS, THREADS, TEAMS, PROTECTION, QUEUE, MUTATIONS].join('\n');
