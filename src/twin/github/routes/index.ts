import type { Tokens } from '../auth.ts';
import type { Route } from '../route.ts';
import { ACTIONS_ROUTES } from './actions.ts';
import { appRoutes } from './apps.ts';
import { CHECK_ROUTES } from './checks.ts';
import { COMMENT_ROUTES } from './comments.ts';
import { COMMIT_ROUTES } from './commits.ts';
import { CONTENT_ROUTES } from './contents.ts';
import { DEPLOYMENT_ROUTES } from './deployments.ts';
import { ENVIRONMENT_ROUTES } from './environments.ts';
import { GIT_ROUTES } from './git.ts';
import { ISSUE_ROUTES } from './issues.ts';
import { LABEL_ROUTES } from './labels.ts';
import { MERGE_ROUTES } from './merge.ts';
import { PULL_ROUTES } from './pulls.ts';
import { REPOSITORY_ROUTES } from './repository.ts';
import { REVIEW_ROUTES } from './reviews.ts';
import { STATUS_ROUTES } from './statuses.ts';
import { TEAM_ROUTES } from './teams.ts';

export function routes(tokens: Tokens): readonly Route[] {
  return [
    ...appRoutes(tokens),
    ...REPOSITORY_ROUTES,
    ...TEAM_ROUTES,
    ...CONTENT_ROUTES,
    ...GIT_ROUTES,
    ...COMMIT_ROUTES,
    ...ISSUE_ROUTES,
    ...COMMENT_ROUTES,
    ...LABEL_ROUTES,
    ...PULL_ROUTES,
    ...MERGE_ROUTES,
    ...REVIEW_ROUTES,
    ...CHECK_ROUTES,
    ...STATUS_ROUTES,
    ...DEPLOYMENT_ROUTES,
    ...ENVIRONMENT_ROUTES,
    ...ACTIONS_ROUTES,
  ];
}
