import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderFiles } from '../../../../deploy/kubernetes/manifests/files.ts';
import { faultsOf } from './kubernetes-schema.ts';

const ALERTS = new URL('../../../../deploy/prometheus/alerts.yaml', import.meta.url);
const files = renderFiles();

/** A manifest with a fault. @param change what to replace, and the replacement. */
function changed(path: string, ...[what, replacement]: readonly [what: string, replacement: string]) {
  const text = files.get(path) ?? '';
  expect(text).toContain(what);
  return parse(text.replace(what, replacement));
}

describe('deploy/kubernetes', () => {
  test('has only documents that fit the schemas of the API, but for those of kustomize', () => {
    const documents = [...files].map(([path, text]) => ({ path, document: parse(text) }));
    const objects = documents.filter(({ document }) => 'kind' in document);
    const checked = objects.map(({ path, document }) => ({ path, faults: faultsOf(document) }));
    const unchecked = checked.filter(({ faults }) => faults === undefined).map(({ path }) => path);
    expect(unchecked).toEqual(['base', 'postgres', 'prometheus'].map((name) => `${name}/kustomization.yaml`));
    expect(checked.filter(({ faults }) => faults !== undefined && faults.length > 0)).toEqual([]);
    // The configuration of the gateways is no document of the API: kustomize makes a ConfigMap of it.
    const others = documents.filter(({ document }) => !('kind' in document)).map(({ path }) => path);
    expect(others).toEqual(['base/config.yaml', 'postgres/config.yaml']);
  });

  test('has alerts that fit a PrometheusRule', () => {
    const about = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: 'hermes' } };
    expect(faultsOf({ ...about, spec: parse(readFileSync(ALERTS, 'utf8')) } as typeof about)).toEqual([]);
  });
});

describe('the schemas find', () => {
  test.each<[string, Parameters<typeof changed>, string]>([
    [
      'a misspelt field',
      ['base/stateful-set.yaml', 'terminationGracePeriodSeconds:', 'terminationGracePeriod:'],
      '/spec/template/spec/terminationGracePeriod is not a field of this kind',
    ],
    ['a misspelt field at the top', ['base/service.yaml', 'spec:', 'specs:'], '/specs is not a field of this kind'],
    [
      'a misspelt field of a list',
      ['base/stateful-set.yaml', 'failureThreshold:', 'failureTreshold:'],
      '/spec/template/spec/initContainers/0/startupProbe/failureTreshold is not a field of this kind',
    ],
    [
      'a misspelt field of the Prometheus operator',
      ['prometheus/service-monitor.yaml', 'credentials:', 'credential:'],
      '/spec/endpoints/0/authorization/credential is not a field of this kind',
    ],
    ['a wrong type', ['base/stateful-set.yaml', 'replicas: 1', 'replicas: one'], 'data/spec/replicas must be integer'],
    [
      'a wrong type of the Prometheus operator',
      ['prometheus/service-monitor.yaml', 'interval: 15s', 'interval: 15'],
      'data/spec/endpoints/0/interval must be string',
    ],
    [
      'a missing field',
      ['base/stateful-set.yaml', '- name: gateway', '-'],
      'data/spec/template/spec/containers/0 must have required property name',
    ],
  ])('%s', (_what, change, fault) => {
    expect(faultsOf(changed(...change))).toEqual([expect.stringContaining(fault)]);
  });

  test('no model for a kind that is not of these groups', () => {
    expect(faultsOf({ apiVersion: 'v1', kind: 'StatefulSet', metadata: { name: 'x' } })).toBeUndefined();
    expect(faultsOf({ apiVersion: 'example/v1', kind: 'Pod', metadata: { name: 'x' } })).toBeUndefined();
  });
});
