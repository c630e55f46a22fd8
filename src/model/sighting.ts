/**
 * How often and how long an incident's alert has been told: kept in the issue's own body from one telling to the next. Any writer can
 * edit it, so it decides how the summary reads and how often it is edited, and nothing else.
 */
export interface Sighting {
  readonly firstAt: string;
  /** When the summary last learned something. */
  readonly lastAt: string;
  /** Tellings that reached the summary: it is edited at most once a minute, so there may have been more. */
  readonly count: number;
  /** Start of the oldest alert that fires now, or fired last. */
  readonly since: string;
  readonly resolvedAt: string | null;
  /** Alerts that the sender left out of the latest group. */
  readonly cut: number;
  readonly snoozedUntil: string | null;
  /** Short digests of the alerts that fire: one identity may have several, and is resolved with the last of them. */
  readonly firing: readonly string[];
}
