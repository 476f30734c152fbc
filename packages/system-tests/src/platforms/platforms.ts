/** A place where the programs run. */
export interface Platform {
  readonly title: string;
  /** What no run has shown. */
  readonly untried: string;
}

/** Every platform that the documentation names, in the order of its table. */
export const PLATFORMS = {
  'image-in-namespaces': {
    title: 'the image, in namespaces',
    untried: 'the slim base: the tests use the Debian of their machine',
  },
  'built-image': {
    title: 'the image, built and run by an engine',
    untried:
      'Docker; the published base images (a Debian made by mmdebstrap has their names); arm64; a turn of an isolated agent in it',
  },
  machine: {
    title: 'the image, on a machine',
    untried: 'hardware; other file systems; disks that lie about a flush',
  },
  compose: {
    title: 'Compose files',
    untried: "`docker compose`; the published images of HAProxy and PostgreSQL (Debian's programs have their names)",
  },
  's6-overlay': {
    title: 's6-overlay v3',
    untried:
      'the repaired state on a real s6-overlay. 3.1.5, 3.2.1.0, 3.2.2 and 3.2.3.2 were booted by hand before the repair, see [the image](../deploy/image/README.md#what-was-tried-on-s6-overlay)',
  },
  's6-overlay-stand-in': { title: 's6-overlay v3, a stand-in', untried: 'what the stand-in does not play' },
  s6: { title: 's6 without a container', untried: 's6 2.12 and newer' },
  proxies: { title: 'HAProxy, nginx', untried: 'Traefik; other versions' },
  postgres: { title: 'PostgreSQL', untried: 'other versions; managed services' },
  node: { title: 'Node', untried: 'other systems than Linux on x64' },
  systemd: { title: 'systemd', untried: 'other versions; a machine that is no container' },
  kubernetes: {
    title: 'Kubernetes, played',
    untried: 'a cluster: no API server was at hand, [see there](deploy/kubernetes.md#what-was-played)',
  },
  prometheus: { title: 'Prometheus', untried: 'Alertmanager, Grafana' },
} as const satisfies Readonly<Record<string, Platform>>;

export type PlatformId = keyof typeof PLATFORMS;
