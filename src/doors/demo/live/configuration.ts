import type { Workload } from '../../../twin/pipeline/workload.ts';

/**
 * Configurations of Prometheus and Alertmanager. They are written as JSON, which is YAML too, so that no value of a workload can
 * become markup.
 */
export interface Watched {
  /** host:port of the plant's exporter. */
  readonly exporter: string;
  readonly alertmanager: string;
}

export const SCRAPE_JOB = 'rehearsal';

export function prometheusConfig({ exporter, alertmanager }: Watched): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: [{ job_name: SCRAPE_JOB, static_configs: [{ targets: [exporter] }] }],
    rule_files: ['rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
  });
}

/** More than a million records behind, and still falling: the alert of the workload, whose group and topic come from the series. */
export function alertRules({ alert }: Workload): string {
  const { alertname, consumergroup, topic, ...labels } = alert.labels;
  const behind = 'sum by (consumergroup, topic) (kafka_consumergroup_lag) > 1000000';
  const falling = 'sum by (consumergroup, topic) (deriv(kafka_consumergroup_lag[10m])) > 0';
  const rule = { alert: alertname, expr: `${behind} and ${falling}`, labels, annotations: alert.annotations };
  return JSON.stringify({ groups: [{ name: 'consumers', rules: [rule] }] });
}

export function alertmanagerConfig(alerts: { readonly url: string; readonly token: string }): string {
  const authorization = { type: 'Bearer', credentials: alerts.token };
  const webhook = { url: `${alerts.url}/alerts/alertmanager`, send_resolved: true, http_config: { authorization } };
  return JSON.stringify({
    route: {
      receiver: 'sluice',
      group_by: ['alertname', 'consumergroup', 'topic'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [{ name: 'sluice', webhook_configs: [webhook] }],
  });
}
