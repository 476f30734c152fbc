import { cell, code, head, table } from './page.ts';

/** `reference/metrics.md`. @param exposed what `GET /metrics` of the programs answers */
export function metricsPage(exposed: { readonly gateway: string; readonly dashboard: string }): string {
  return `${head('Metrics', 'GET /metrics of the running programs')}
You want to look up a metric. [Metrics and logs](../operate/metrics.md) explains how to scrape them.

## Gateway

${metricsTable(exposed.gateway)}

## Dashboard

${metricsTable(exposed.dashboard)}
`;
}

function metricsTable(text: string): string {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  const rows = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => [
    code(name),
    types.get(name) ?? '',
    labelsOf(text, name).map(code).join(', '),
    cell(help),
  ]);
  return table(
    ['metric', 'type', 'labels', 'meaning'],
    rows.sort(([a = ''], [b = '']) => a.localeCompare(b, 'en')),
  );
}

/** The labels of a metric, but for the bucket bounds of a histogram. */
function labelsOf(text: string, name: string): string[] {
  const samples = text.matchAll(new RegExp(`^${name}(?:_bucket|_count|_sum)?\\{(.*)\\} `, 'gm'));
  const labels = [...samples].flatMap(([, inside = '']) =>
    [...inside.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label),
  );
  return [...new Set(labels)].filter((label) => label !== 'le').sort();
}
