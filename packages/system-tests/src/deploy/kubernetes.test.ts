import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { renderFiles } from '../../../../deploy/kubernetes/manifests/files.ts';
import { KEYS, SECRETS, UID } from '../../../../deploy/kubernetes/manifests/names.ts';
import { statefulSet } from '../../../../deploy/kubernetes/manifests/stateful-set.ts';
import { TIMERS } from '../../../../deploy/kubernetes/manifests/timers.ts';
import { imageConfiguration } from '../live/container/image.ts';
import { HERMES_UID } from '../live/container/user.ts';
import { drives } from '../platforms/drives.ts';
import { faultsOf, type KubernetesObject } from './kubernetes-schema.ts';

drives(
  'kubernetes',
  'kustomize builds each directory and the documented overlay; each document fits the schema of its kind',
  {
    kubectl: 'kubectl version --client',
    'kubernetes-models': 'grep \'"version"\' node_modules/kubernetes-models/package.json',
    '@kubernetes-models/prometheus-operator':
      'grep \'"version"\' node_modules/@kubernetes-models/prometheus-operator/package.json',
    'kubernetes-types': 'grep \'"version"\' ../../node_modules/kubernetes-types/package.json',
  },
);

const DIRECTORY = fileURLToPath(new URL('../../../../deploy/kubernetes/', import.meta.url));
const DOCUMENTATION = fileURLToPath(new URL('../../../../docs/deploy/kubernetes.md', import.meta.url));
const noKubectl = lacking('kubectl (Debian: kubernetes-client)', runs('kubectl', 'kustomize', `${DIRECTORY}base`));
const files = renderFiles();

interface Kustomization {
  readonly resources: readonly string[];
}

/** What kustomize makes of a directory. */
function kustomize(directory: string): { readonly text: string; readonly objects: readonly KubernetesObject[] } {
  const { stdout, stderr } = spawnSync('kubectl', ['kustomize', directory], { encoding: 'utf8', timeout: 120_000 });
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
  expect(objects.length, stderr).toBeGreaterThan(0);
  return { text: stdout, objects };
}

/** The documents that do not fit the schema of their kind, or have none. */
function misfits(objects: readonly KubernetesObject[]) {
  const judged = objects.map((object) => ({ kind: object.kind, faults: faultsOf(object) ?? 'no schema' }));
  return judged.filter(({ faults }) => faults.length > 0);
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
    const { text, objects: built } = kustomize(DIRECTORY + name);
    expect(misfits(built)).toEqual([]);
    const { resources } = parse(files.get(`${name}/kustomization.yaml`) ?? '') as Kustomization;
    const written = resources.map((file) => parse(files.get(`${name}/${file}`) ?? '') as KubernetesObject);
    const identity = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;
    const generated = built.filter(({ kind }) => kind === 'ConfigMap');
    expect(
      built
        .filter(({ kind }) => kind !== 'ConfigMap')
        .map(identity)
        .sort(),
    ).toEqual(written.map(identity).sort());
    expect(generated).toHaveLength(name === 'prometheus' ? 0 : 1);
    // The name has the digest, where it is defined and where it is used.
    for (const { metadata } of generated) {
      expect(metadata.name).toMatch(/^hermes-config-\w{10}$/);
      expect(text.split(metadata.name)).toHaveLength(3);
    }
  });

  test.skipIf(noKubectl)('the overlay of the documentation has its image and its configuration', () => {
    const [, overlay = ''] =
      /```yaml\n( *# kustomization\.yaml\n.*?)```/s.exec(readFileSync(DOCUMENTATION, 'utf8')) ?? [];
    const directory = temporaryDirectory();
    cpSync(DIRECTORY, join(directory, 'hermes-drain/deploy/kubernetes'), { recursive: true });
    const [own, config] = [join(directory, 'own'), 'agent: { kind: echo }\n'];
    mkdirSync(own);
    writeFileSync(join(own, 'kustomization.yaml'), overlay);
    writeFileSync(join(own, 'config.yaml'), config);
    const { text, objects } = kustomize(own);
    expect(misfits(objects)).toEqual([]);
    expect(objects.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({ data: { 'config.yaml': config } });
    expect(new Set(text.match(/image: .*/g))).toEqual(new Set(['image: registry.example/hermes:2.4']));
  });
});
