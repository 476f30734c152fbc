/** A page in the navigation of the site: its title, and its path without `.md`. */
type Entry = readonly [title: string, path: string];

/** The pages of the site, in the order in which a reader needs them. A test looks whether any is missing. */
export const NAVIGATION: readonly { readonly title: string; readonly pages: readonly Entry[] }[] = [
  {
    title: 'Start',
    pages: [
      ['Overview', 'index'],
      ['Install', 'install'],
      ['Quick start', 'quick-start'],
    ],
  },
  {
    title: 'Drain',
    pages: [
      ['drainctl', 'drain/drainctl'],
      ['HTTP', 'drain/http'],
      ['Web page', 'drain/page'],
    ],
  },
  {
    title: 'Use and configure',
    pages: [
      ['Chat page', 'chat'],
      ['Send messages', 'messages'],
      ['Web pages', 'browsers'],
      ['Agents', 'configure/agents'],
      ['Channels', 'configure/channels'],
      ['Profiles', 'configure/profiles'],
      ['Access', 'configure/access'],
    ],
  },
  {
    title: 'Deploy',
    pages: [
      ['Container', 'deploy/container'],
      ['s6', 'deploy/s6'],
      ['Platforms', 'platforms'],
      ['systemd', 'deploy/systemd'],
      ['Kubernetes', 'deploy/kubernetes'],
      ['HAProxy and nginx', 'deploy/reverse-proxy'],
      ['Several gateways', 'scale-out'],
      ['Several dashboards', 'deploy/several-dashboards'],
      ['Beside the reference system', 'reference-system'],
      ['Migrate from the reference system', 'migrate'],
      ['Upgrade and roll back', 'upgrade'],
      ['Compatibility', 'compatibility'],
      ['Back up and restore', 'backup'],
    ],
  },
  {
    title: 'Operate',
    pages: [
      ['Troubleshooting', 'troubleshooting'],
      ['Alerts', 'operate/alerts'],
      ['Metrics and logs', 'operate/metrics'],
      ['Audit', 'operate/audit'],
      ['Security', 'security'],
    ],
  },
  {
    title: 'Reference',
    pages: [
      ['Overview', 'reference/index'],
      ['Configuration', 'reference/configuration'],
      ['drainctl', 'reference/drainctl'],
      ['hermes-gateway', 'reference/hermes-gateway'],
      ['hermes-dashboard', 'reference/hermes-dashboard'],
      ['hermes-s6', 'reference/hermes-s6'],
      ['Dashboard HTTP API', 'reference/dashboard-http'],
      ['Metrics', 'reference/metrics'],
      ['Problem codes', 'reference/problem-codes'],
      ['Limits', 'reference/limits'],
      ['Files', 'reference/files'],
      ['Exit codes', 'reference/exit-codes'],
      ['Glossary', 'glossary'],
    ],
  },
  {
    title: 'Develop',
    pages: [
      ['Make your own server drainable', 'embed'],
      ['Drain servers of others', 'embed-servers'],
      ['Develop', 'develop/index'],
      ['Architecture', 'architecture'],
      ['Documentation', 'develop/documentation'],
      ['Add a channel', 'develop/channels'],
      ['System tests', 'develop/system-tests'],
      ['Fault tests', 'develop/fault-tests'],
      ['Mutation tests', 'develop/mutation-tests'],
      ['Performance', 'performance'],
      ['Releases', 'develop/releases'],
      ['Dependencies', 'dependencies'],
    ],
  },
];
