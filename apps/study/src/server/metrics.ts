/** Prometheus text. Counts by route and status class for the whole installation: no study, no person, no small cells. */

const bucketsMs = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000] as const;

export type Metrics = {
  observe(route: string, status: number, ms: number): void;
  render(gauges: Readonly<Record<string, number>>): string;
};

type Cell = { count: number; sumMs: number; buckets: number[] };

export function openMetrics(): Metrics {
  const requests = new Map<string, number>();
  const durations = new Map<string, Cell>();

  return {
    observe(route, status, ms) {
      const key = `route="${route}",status="${Math.floor(status / 100)}xx"`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
      const cell = durations.get(route) ?? { count: 0, sumMs: 0, buckets: bucketsMs.map(() => 0) };
      cell.count += 1;
      cell.sumMs += ms;
      for (const [index, edge] of bucketsMs.entries()) {
        if (ms <= edge) cell.buckets[index] = (cell.buckets[index] ?? 0) + 1;
      }
      durations.set(route, cell);
    },

    render(gauges) {
      const lines = ['# HELP limen_requests_total Requests answered.', '# TYPE limen_requests_total counter'];
      for (const [labels, count] of [...requests].sort()) lines.push(`limen_requests_total{${labels}} ${count}`);
      lines.push('# HELP limen_request_seconds Time to answer.', '# TYPE limen_request_seconds histogram');
      for (const [route, cell] of [...durations].sort(([a], [b]) => (a < b ? -1 : 1))) {
        for (const [index, edge] of bucketsMs.entries()) {
          lines.push(`limen_request_seconds_bucket{route="${route}",le="${edge / 1000}"} ${cell.buckets[index] ?? 0}`);
        }
        lines.push(`limen_request_seconds_bucket{route="${route}",le="+Inf"} ${cell.count}`);
        lines.push(`limen_request_seconds_sum{route="${route}"} ${(cell.sumMs / 1000).toFixed(6)}`);
        lines.push(`limen_request_seconds_count{route="${route}"} ${cell.count}`);
      }
      for (const [name, value] of Object.entries(gauges)) lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
      return `${lines.join('\n')}\n`;
    },
  };
}
