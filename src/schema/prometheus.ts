import * as z from 'zod/mini';

/** A label set and its points, as Prometheus answers; values keep NaN and the infinities. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, number])[];
}

export type PrometheusAnswer =
  | {
      readonly ok: true;
      readonly series: readonly AnsweredSeries[];
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
    }
  | { readonly ok: false; readonly why: string };

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const successSchema = z.object({
  status: z.literal('success'),
  warnings: z.nullish(z.array(z.string())),
  infos: z.nullish(z.array(z.string())),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }),
    z.object({ resultType: z.literal('matrix'), result: z.array(z.object({ metric: labels, values: z.array(point) })) }),
    z.object({ resultType: z.literal('scalar'), result: point }),
  ]),
});
const errorSchema = z.object({ status: z.literal('error'), errorType: z.optional(z.string()), error: z.optional(z.string()) });

/** Reads the body of /api/v1/query or query_range. Native histograms and strings have no number and are refused. */
export function readPrometheusAnswer(body: string): PrometheusAnswer {
  const value = parsed(body);
  const fault = errorSchema.safeParse(value);
  if (fault.success) return { ok: false, why: `${fault.data.errorType ?? 'error'}: ${(fault.data.error ?? '').slice(0, 400)}` };
  const read = successSchema.safeParse(value);
  if (!read.success) return { ok: false, why: 'the answer is not one of Prometheus with plain numbers' };
  const { data } = read.data;
  return { ok: true, series: seriesOf(data), warnings: read.data.warnings ?? [], infos: read.data.infos ?? [] };
}

function seriesOf(data: z.infer<typeof successSchema>['data']): readonly AnsweredSeries[] {
  if (data.resultType === 'scalar') return [{ labels: {}, points: [number(data.result)] }];
  if (data.resultType === 'vector') return data.result.map((one) => ({ labels: one.metric, points: [number(one.value)] }));
  return data.result.map((one) => ({ labels: one.metric, points: one.values.map(number) }));
}

function number([seconds, text]: readonly [number, string]): readonly [number, number] {
  if (text === '+Inf' || text === 'Inf') return [seconds, Number.POSITIVE_INFINITY];
  if (text === '-Inf') return [seconds, Number.NEGATIVE_INFINITY];
  return [seconds, text.trim() === '' ? Number.NaN : Number(text)];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
