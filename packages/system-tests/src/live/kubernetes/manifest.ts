import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const DIRECTORY = fileURLToPath(new URL('../../../../../deploy/kubernetes/postgres/', import.meta.url));

export interface Probe {
  readonly httpGet: { readonly path: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds?: number;
}

/** A container of a pod, as far as it is played here. */
export interface ContainerSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
}

export interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly initContainers: readonly [ContainerSpec];
  readonly containers: readonly [ContainerSpec];
}

/** The pod of deploy/kubernetes/postgres. */
export function podSpec(): PodSpec {
  return parse(readFileSync(`${DIRECTORY}stateful-set.yaml`, 'utf8')).spec.template.spec as PodSpec;
}

/** Its config.yaml, with another agent. */
export function configWith(agent: string): string {
  const text = readFileSync(`${DIRECTORY}config.yaml`, 'utf8');
  const changed = text.replace(/^agent: .*$/m, `agent: ${agent}`);
  if (changed === text) throw new Error(`${DIRECTORY}config.yaml: expected a line agent: …`);
  return changed;
}
