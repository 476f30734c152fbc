import { eventually } from '@hermes/test-kit/eventually';
import { expect } from 'vitest';
import type { NspawnMachine } from './nspawn-machine.ts';

/** The home that an installation has by default. */
export const HOME = '/var/lib/hermes';

const GATEWAY = 'http://127.0.0.1:8642';
const DASHBOARD = 'http://127.0.0.1:9119';
const DROP_IN = '/etc/systemd/system/hermes-gateway@.service.d/test.conf';
const ASK = `const [url, options] = process.argv.slice(1);
fetch(url, JSON.parse(options)).then(async (answer) => {
  console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));
});`;

/** A person who operates the gateways of a machine, and one who writes to them. */
export class Operator {
  readonly #machine: NspawnMachine;
  readonly #user: string | undefined;
  readonly #home: string;

  /** @param account of the operator. Default: root, of the gateways of the machine */
  constructor(machine: NspawnMachine, account: { readonly user?: string; readonly home: string } = { home: HOME }) {
    this.#machine = machine;
    this.#user = account.user;
    this.#home = account.home;
  }

  /** Runs a command as the operator, after a login. */
  run(argv: readonly string[]): Promise<string> {
    const user = this.#user;
    if (user === undefined) return this.#machine.run(argv);
    const login = ['sh', '-c', 'XDG_RUNTIME_DIR=/run/user/$(id -u) exec "$@"', 'sh'];
    return this.#machine.run([...login, ...argv], { user, env: { HOME: `/home/${user}` } });
  }

  // biome-ignore lint/suspicious/noExplicitAny: the JSON of a command, which the test looks at
  async service(...words: string[]): Promise<any> {
    return JSON.parse(await this.run(['hermes-gateway', 'service', ...words]));
  }

  drainctl(...words: string[]): Promise<string> {
    const env = { HERMES_HOME: this.#home, HOME: this.#home };
    return this.#machine.run(['drainctl', ...words], { user: this.#user ?? 'hermes', env });
  }

  /** Sends a message to the default profile. */
  say(text: string): Promise<unknown> {
    const body = JSON.stringify({ session: 'test', text });
    return this.#ask(`${GATEWAY}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answer of a route, which the test looks at
  async profiles(): Promise<any> {
    return this.#askDashboard('/api/profiles');
  }

  async verdict(): Promise<string> {
    const answer = (await this.#askDashboard('/api/gateway/drain')) as { verdict: { reason: string } | string };
    return typeof answer.verdict === 'string' ? answer.verdict : answer.verdict.reason;
  }

  async desired(): Promise<string> {
    return JSON.parse(await this.#machine.run(['cat', `${this.#home}/desired_state.json`])).desired_state;
  }

  async untilBusy(): Promise<void> {
    await eventually(async () => {
      const state = JSON.parse(await this.#machine.run(['cat', `${this.#home}/gateway_state.json`]));
      expect(state).toMatchObject({ active_agents: 1 });
    });
  }

  async configure(yaml: string): Promise<void> {
    await this.#machine.shell(`printf '%s\\n' '${yaml}' >${HOME}/config.yaml`);
  }

  /** Settings of every gateway beside those of the template. */
  async dropIn(text: string | undefined): Promise<void> {
    const write = `mkdir -p $(dirname ${DROP_IN}); printf '%s' '${text}' >${DROP_IN}`;
    await this.#machine.shell(`${text === undefined ? `rm ${DROP_IN}` : write}; systemctl daemon-reload`);
  }

  /** Whether the user of the dashboard may restart more than gateways, or change what boots start. */
  async mayRestartOthers(): Promise<boolean> {
    const attempts = [
      ['restart', 'dbus.service'],
      ['kill', 'hermes-gateway@default.service'],
      ['disable', 'hermes-gateway@default.service'],
    ];
    const results = await Promise.all(
      attempts.map((words) => this.#machine.exec(['systemctl', '--no-ask-password', ...words], { user: 'hermes' })),
    );
    return results.some(({ code }) => code === 0);
  }

  async #askDashboard(path: string): Promise<unknown> {
    const token = (await this.#machine.run(['cat', `${this.#home}/.dashboard_token`])).trim();
    const { body } = await this.#ask(`${DASHBOARD}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return body;
  }

  async #ask(url: string, options: object): Promise<{ status: number; body: unknown }> {
    return JSON.parse(await this.#machine.run(['node', '-e', ASK, url, JSON.stringify(options)]));
  }
}
