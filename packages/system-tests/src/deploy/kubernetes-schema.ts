import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';

/** A document for the API server. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The models of the API groups that our manifests use. */
const MODELS: Readonly<Record<string, object>> = {
  v1: core,
  'apps/v1': apps,
  'monitoring.coreos.com/v1': monitoring,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
};

/**
 * What the schema of its kind finds wrong in a document; `undefined` if there is no schema. The schemas allow fields
 * that they do not know, and an API server drops them: each field that the validation never reads is a fault here.
 */
export function faultsOf(document: KubernetesObject): readonly string[] | undefined {
  const models = new Map(Object.entries(MODELS[document.apiVersion] ?? {}));
  const model: typeof core.Pod | undefined = models.get(document.kind);
  if (model === undefined) return undefined;
  const unread = new Set<string>();
  const faults: string[] = [];
  try {
    model.prototype.validate.call(watched(document, '', unread));
  } catch (error) {
    faults.push((error as Error).message);
  }
  return [...faults, ...[...unread].map((path) => `${path} is not a field of this kind`)];
}

/** A view of a document. The fields of each object that is read are in `unread` until they are read. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => watched(item, `${path}/${index}`, unread));
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map<string | symbol, unknown>(Object.entries(value));
  for (const key of Object.keys(value)) unread.add(`${path}/${key}`);
  return new Proxy(value, {
    get: (_target, key) => {
      const place = `${path}/${String(key)}`;
      if (unread.delete(place)) fields.set(key, watched(fields.get(key), place, unread));
      return fields.get(key);
    },
  });
}
