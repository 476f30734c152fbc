import type { StatefulSet } from 'kubernetes-types/apps/v1.js';
import { dashboard, type GatewayOptions, gateway } from './containers.ts';
import { CONFIG, LABELS, NAME, PODS, SECRET, UID } from './names.ts';
import { TIMERS } from './timers.ts';

export interface StatefulSetOptions extends GatewayOptions {
  readonly replicas: number;
}

/** Pods with a home each. One that is replaced gets the same volume, and its host name, which is its name in the journal. */
export function statefulSet({ replicas, isShared }: StatefulSetOptions): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      serviceName: PODS,
      replicas,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          terminationGracePeriodSeconds: TIMERS.grace,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // The pause container reaps what commands of agents leave behind, and the dashboard sees whether the gateway lives.
          shareProcessNamespace: true,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: UID,
            runAsGroup: UID,
            fsGroup: UID,
            // Always would open files in the home to the group at each start.
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          },
          ...(isShared ? { topologySpreadConstraints: [spread()] } : {}),
          initContainers: [dashboard()],
          containers: [gateway({ isShared })],
          volumes: [
            { name: 'config', configMap: { name: CONFIG } },
            { name: 'secrets', secret: { secretName: SECRET, defaultMode: 0o440 } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
        },
      ],
    },
  };
}

function spread() {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: LABELS },
  };
}
