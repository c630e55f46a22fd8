import * as z from 'zod/mini';

const Alerts = z.object({
  data: z.object({
    alerts: z.array(z.object({ state: z.string(), value: z.string(), labels: z.record(z.string(), z.string()) })),
  }),
});

/** The first alert that Prometheus says is firing, in words; null while there is none. */
export async function firing(prometheus: string): Promise<string | null> {
  const answer = Alerts.parse(await (await fetch(`${prometheus}/api/v1/alerts`)).json());
  const found = answer.data.alerts.find((alert) => alert.state === 'firing');
  return found ? `${found.labels.alertname} at ${Number(found.value)}, ${prometheus}` : null;
}

const ANSWERED = /^prometheus_http_requests_total\{[^}]*handler="\/api\/v1\/query(?:_range)?"[^}]*\} (\S+)$/gm;

/** Queries that Prometheus itself counts as answered; its own rules are not among them. */
export async function queriesAnswered(prometheus: string): Promise<number> {
  const text = await (await fetch(`${prometheus}/metrics`)).text();
  return [...text.matchAll(ANSWERED)].reduce((sum, [, count]) => sum + Number(count), 0);
}
