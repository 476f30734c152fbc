import { stringify } from 'yaml';
import { CONFIG } from './names.ts';
import { disruptionBudget, networkPolicy, podService, service } from './network.ts';
import { prometheusPolicy, serviceMonitor } from './prometheus.ts';
import { statefulSet } from './stateful-set.ts';
import { TIMERS } from './timers.ts';

const HEADER =
  '# Made by `node deploy/kubernetes/render.ts` from deploy/kubernetes/manifests. Change it there, or in an overlay.\n';

/** A journal of its own for each pod: one pod. */
const SQLITE = `agent: { kind: echo }
restart_drain_timeout: ${TIMERS.turns}
`;

/** One journal for all pods. */
const POSTGRES = `agent: { kind: echo }
journal: { kind: postgres, url_env: DATABASE_URL, schema: hermes }
on_drain: handover
restart_drain_timeout: ${TIMERS.turns}
`;

/** Every file below deploy/kubernetes that is rendered: its path, and its text. */
export function renderFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...directory('base', gateways({ replicas: 1, isShared: false }), SQLITE),
    ...directory('postgres', gateways({ replicas: 3, isShared: true }), POSTGRES),
    ...directory('prometheus', { 'service-monitor': serviceMonitor(), 'network-policy': prometheusPolicy() }),
  ]);
}

function gateways(options: Parameters<typeof statefulSet>[0]): Readonly<Record<string, object>> {
  return {
    'stateful-set': statefulSet(options),
    service: service(options.isShared),
    'pod-service': podService(),
    'disruption-budget': disruptionBudget(),
    'network-policy': networkPolicy(),
  };
}

/** The ConfigMap gets a name with a digest: a change of config.yaml restarts the pods, one after another. */
function directory(name: string, objects: Readonly<Record<string, object>>, config?: string): [string, string][] {
  const resources = Object.keys(objects).map((object) => `${object}.yaml`);
  const generated = config === undefined ? {} : { configMapGenerator: [{ name: CONFIG, files: ['config.yaml'] }] };
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources,
    ...generated,
  };
  const files = { ...objects, kustomization };
  const rendered = Object.entries(files).map(([file, content]): [string, string] => [
    `${name}/${file}.yaml`,
    HEADER + stringify(content, { aliasDuplicateObjects: false, lineWidth: 0 }),
  ]);
  return config === undefined ? rendered : [...rendered, [`${name}/config.yaml`, HEADER + config]];
}
