import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { missingFiles, lineProblem, linesOf, readPage, unknownRoutes, unknownVariables } from '../checks/support/guide-text.ts';
import { REPOSITORY } from '../checks/support/source-files.ts';
import { readPromql } from './support/promql.ts';
import { metricsOfRoles } from './support/role-registries.ts';
import type { MetricOfRole } from './support/role-registries.ts';

const PAGE = readPage('alerts.md');
/** Prometheus' own rule format: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
const duration = z.string().regex(/^\d+[smhd]$/);
const ruleFile = z.strictObject({
  groups: z.array(z.strictObject({
    name: z.string(),
    rules: z.array(z.strictObject({ alert: z.string().regex(/^Flywheel[A-Z]\w+$/), expr: z.string(), for: duration.optional(), labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }) })),
  })),
});
const { groups } = ruleFile.parse(parse(readFileSync(join(REPOSITORY, 'docs/alerts.rules.yml'), 'utf8')));
const rules = groups.flatMap((group) => group.rules);

/** Made by Prometheus itself: `up`, and the labels it gives every series. */
const PROMETHEUS_LABELS = ['job', 'instance'];
let metrics: MetricOfRole[];
beforeAll(async () => { metrics = await metricsOfRoles(); });

/** What may be written of a metric, by its kind; null: no process exports it. */
function labelsOf(series: string): readonly string[] | null {
  if (series === 'up') return PROMETHEUS_LABELS;
  const whole = metrics.find(({ name, type }) => name === series && type !== 'histogram');
  if (whole !== undefined) return [...whole.labels, ...PROMETHEUS_LABELS];
  const part = /^(.+)_(bucket|sum|count)$/.exec(series);
  const histogram = metrics.find(({ name, type }) => name === part?.[1] && type === 'histogram');
  return histogram === undefined ? null : [...histogram.labels, ...PROMETHEUS_LABELS, ...(part?.[2] === 'bucket' ? ['le'] : [])];
}

test('there are rules, and no two of a name', () => {
  expect(rules.length).toBeGreaterThan(15);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

test.each(rules.map((rule) => [rule.alert, rule] as const))('%s reads metrics that a process exports, by labels that they have', (_name, { expr }) => {
  const { series, groupedBy } = readPromql(expr);
  expect(series.length).toBeGreaterThan(0);
  expect(series.filter(({ name }) => labelsOf(name) === null)).toEqual([]);
  expect(series.filter(({ name, labels }) => labels.some((label) => labelsOf(name)?.includes(label) !== true))).toEqual([]);
  expect(groupedBy.filter((label) => !series.every(({ name }) => labelsOf(name)?.includes(label)))).toEqual([]);
  // A quantile is made of buckets, and a sum that forgets `le` has none.
  if (expr.includes('histogram_quantile')) expect(groupedBy).toContain('le');
  expect(/[<>]|==/.test(expr.replaceAll(/\{[^}]*\}/g, ''))).toBe(true);
});

test('the page shows the same rules, in the same order', () => {
  const rows = [...PAGE.matchAll(/^\| \*\*(Flywheel\w+)\*\* \((page|ticket)\)<br>.+? \| `(.+?)`(?: for (\w+))? \| .+ \| .+ \|$/gm)];
  expect(rows.map(([, alert, severity, expr = '', held]) => ({ alert, expr: expr.replaceAll('\\|', '|'), for: held, severity }))).toEqual(
    rules.map(({ alert, expr, for: held, labels }) => ({ alert, expr, for: held, severity: labels.severity })));
});

test('the page lists every metric of ours, whose it is, its labels and what it says', () => {
  const rows = [...PAGE.matchAll(/^\| `(flywheel_\w+)` \| ([\w, ]+) \| (.+?) \| (.+) \|$/gm)].map(([, name, roles, labels, help]) => [name, roles, labels, help]);
  const ours = metrics.filter(({ name }) => name.startsWith('flywheel_'));
  expect(rows.toSorted()).toEqual(ours.map(({ name, roles, labels, help }) =>
    [name, roles.length === 3 ? 'all' : roles.join(', '), labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', '), help]).toSorted());
});

test('each line of the command line, route, variable and file that the page names exists', () => {
  expect({ lines: linesOf(PAGE).map(lineProblem).filter((problem) => problem !== null), routes: unknownRoutes(PAGE), variables: unknownVariables(PAGE), files: missingFiles(PAGE) })
    .toEqual({ lines: [], routes: [], variables: [], files: [] });
});

test('no label of ours can name a tenant, a person or a thing of theirs', () => {
  const labels = new Set(metrics.filter(({ name }) => name.startsWith('flywheel_')).flatMap((metric) => metric.labels));
  expect([...labels].toSorted()).toEqual(['activity', 'by', 'cause', 'channel', 'code', 'kind', 'lane', 'level', 'method', 'outcome', 'reason', 'role', 'route', 'rule', 'status', 'version', 'way', 'what']);
});

describe('the check bites', () => {
  test.each([
    ['a metric that nobody exports', 'flywheel_nothing_total > 0'],
    ['a histogram without its part', 'flywheel_message_lateness_seconds > 1'],
    ['a counter with a part', 'flywheel_messages_total_bucket > 1'],
  ])('%s', (_what, expression) => {
    expect(readPromql(expression).series.map(({ name }) => labelsOf(name))).toContain(null);
  });

  test('a label that the metric has not, in a matcher and in a grouping', () => {
    const { series, groupedBy } = readPromql('sum by (tenant) (rate(flywheel_messages_total{tenant=~"a|b",channel!="sms"}[5m])) > 0.5 * vector(1)');
    expect(series).toEqual([{ name: 'flywheel_messages_total', labels: ['tenant', 'channel'] }]);
    expect(groupedBy).toEqual(['tenant']);
    expect(labelsOf('flywheel_messages_total')).not.toContain('tenant');
  });

  test.each(['sum(rate(x[5m]) > 0', 'sum(x}) > 0', 'x # 1'])('%s cannot be read', (expression) => {
    expect(() => readPromql(expression)).toThrow(/bracket|cannot be read/);
  });
});
