import type { Service } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import { LABELS, NAME, PODS, PORTS } from './names.ts';

/**
 * What clients call. @param isShared with several pods, only the ready ones get messages; a single one keeps its address
 * while it drains, so that clients get its refusals with Retry-After instead of connection errors.
 */
export function service(isShared: boolean): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      selector: LABELS,
      ports: [{ name: 'http', port: PORTS.http, targetPort: 'http' }],
      ...(isShared ? {} : { publishNotReadyAddresses: true }),
    },
  };
}

/** A name in DNS for each pod, also while it drains. */
export function podService(): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: PODS, labels: { ...LABELS, 'app.kubernetes.io/component': 'pods' } },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: LABELS,
      ports: [
        { name: 'http', port: PORTS.http, targetPort: 'http' },
        { name: 'dashboard', port: PORTS.dashboard, targetPort: 'dashboard' },
      ],
    },
  };
}

/** `maxUnavailable`, because `minAvailable: 1` would keep a node with a single pod from ever being drained. */
export function disruptionBudget(): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: NAME, labels: LABELS },
    spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } },
  };
}

/** Pods of the namespace reach the API; nothing in the cluster reaches a dashboard. Probes come from the node. */
export function networkPolicy(): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      podSelector: { matchLabels: LABELS },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 'http' }] }],
    },
  };
}
