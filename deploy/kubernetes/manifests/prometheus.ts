import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { KEYS, LABELS, NAME, SECRET } from './names.ts';

/** As far as we use it; the type is one of the Prometheus operator, not of Kubernetes. */
interface ServiceMonitor {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'ServiceMonitor';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly {
      readonly port: string;
      readonly interval: string;
      readonly authorization?: { readonly credentials: { readonly name: string; readonly key: string } };
    }[];
  };
}

/** Scrapes both programs of each pod through the headless Service, which has both ports. */
export function serviceMonitor(): ServiceMonitor {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      selector: { matchLabels: { ...LABELS, 'app.kubernetes.io/component': 'pods' } },
      endpoints: [
        { port: 'http', interval: '15s', authorization: { credentials: { name: SECRET, key: KEYS.api } } },
        { port: 'dashboard', interval: '15s' },
      ],
    },
  };
}

/** Lets the Prometheus of the namespace `monitoring` scrape, in addition to what is allowed already. */
export function prometheusPolicy(): NetworkPolicy {
  const monitoring = { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${NAME}-prometheus`, labels: LABELS },
    spec: {
      podSelector: { matchLabels: LABELS },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { namespaceSelector: monitoring, podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } },
          ],
          ports: [
            { protocol: 'TCP', port: 'http' },
            { protocol: 'TCP', port: 'dashboard' },
          ],
        },
      ],
    },
  };
}
