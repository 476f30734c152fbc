import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { renderFiles } from '../../../../deploy/kubernetes/manifests/files.ts';
import { KEYS, SECRETS, UID } from '../../../../deploy/kubernetes/manifests/names.ts';
import { statefulSet } from '../../../../deploy/kubernetes/manifests/stateful-set.ts';
import { TIMERS } from '../../../../deploy/kubernetes/manifests/timers.ts';
import { imageConfiguration } from '../live/container/image.ts';
import { HERMES_UID } from '../live/container/user.ts';
import { drives } from '../platforms/drives.ts';

drives('kubernetes', 'kustomize builds each directory', {
  kubectl: 'kubectl version --client',
  'kubernetes-types': 'grep \'"version"\' ../../node_modules/kubernetes-types/package.json',
});

const DIRECTORY = fileURLToPath(new URL('../../../../deploy/kubernetes/', import.meta.url));
const DOCUMENTATION = fileURLToPath(new URL('../../../../docs/deploy/kubernetes.md', import.meta.url));
const noKubectl = lacking('kubectl (Debian: kubernetes-client)', runs('kubectl', 'kustomize', `${DIRECTORY}base`));
const files = renderFiles();

interface Kustomization {
  readonly resources: readonly string[];
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

describe('deploy/kubernetes', () => {
  test('has exactly the files that its source makes: node deploy/kubernetes/render.ts', () => {
    expect(globSync('*/*.yaml', { cwd: DIRECTORY }).sort()).toEqual([...files.keys()].sort());
    for (const [path, text] of files) expect(readFileSync(DIRECTORY + path, 'utf8')).toBe(text);
  });

  test.each([true, false])('gives a pod the time to drain, shared journal: %s', (isShared) => {
    const pod = statefulSet({ replicas: 1, isShared }).spec?.template.spec;
    const [container] = pod?.containers ?? [];
    const hook = container?.lifecycle?.preStop?.exec?.command ?? [];
    const seconds = (option: string) => Number(/^(\d+)s$/.exec(hook[hook.indexOf(option) + 1] ?? '')?.[1]);
    const { drain, turns, close } = TIMERS;
    expect(seconds('--deadline')).toBe(drain);
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(drain + turns + close);
    if (isShared) expect(seconds('--lead')).toBeLessThan(drain);
    else expect(hook).not.toContain('--lead');
    expect(parse(files.get(`${isShared ? 'postgres' : 'base'}/config.yaml`) ?? '').restart_drain_timeout).toBe(turns);
  });

  test('names the user and the home of the image, and documents each file of the Secret', () => {
    expect(UID).toBe(HERMES_UID);
    const pod = statefulSet({ replicas: 1, isShared: true }).spec?.template.spec;
    const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
    expect(containers).toHaveLength(2);
    for (const { volumeMounts = [], securityContext } of containers) {
      expect(volumeMounts.find(({ name }) => name === 'data')?.mountPath).toBe(imageConfiguration().env['HERMES_HOME']);
      expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    }
    const paths = containers.flatMap(({ env = [] }) =>
      env.flatMap(({ value = '' }) => (value.startsWith(SECRETS) ? [value] : [])),
    );
    expect([...new Set(paths)].sort()).toEqual(
      Object.values(KEYS)
        .map((key) => `${SECRETS}/${key}`)
        .sort(),
    );
    const text = readFileSync(DOCUMENTATION, 'utf8');
    for (const key of Object.values(KEYS)) expect(text).toContain(`--from-literal=${key}=`);
  });

  test.skipIf(noKubectl).each(['base', 'postgres', 'prometheus'])('%s is what kustomize builds', (name) => {
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', DIRECTORY + name], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    const built = parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
    const { resources } = parse(files.get(`${name}/kustomization.yaml`) ?? '') as Kustomization;
    const written = resources.map((file) => parse(files.get(`${name}/${file}`) ?? '') as KubernetesObject);
    const identity = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;
    const generated = built.filter(({ kind }) => kind === 'ConfigMap');
    expect(
      built
        .filter(({ kind }) => kind !== 'ConfigMap')
        .map(identity)
        .sort(),
      stderr,
    ).toEqual(written.map(identity).sort());
    expect(generated).toHaveLength(name === 'prometheus' ? 0 : 1);
    // The name has the digest, where it is defined and where it is used.
    for (const { metadata } of generated) {
      expect(metadata.name).toMatch(/^hermes-config-\w{10}$/);
      expect(stdout.split(metadata.name)).toHaveLength(3);
    }
  });
});
