import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { eventually } from '@hermes/test-kit/eventually';
import { AGENT, Model, PYTHON_AGENT } from './model.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
/** Inside this workspace, where the packages of the examples are installed. */
const PYTHON_GATE = fileURLToPath(new URL('../../../drain-contract/python/hermes_gate.py', import.meta.url));
const BENCH = fileURLToPath(new URL('../../test-results/embed/', import.meta.url));

/** The servers of docs/embed.md, by the heading above them. */
export const HTTP_SERVERS = ['Ten lines', 'Express', 'Fastify', 'Hono', 'Python'] as const;

/** The first program below a heading of a page of the docs. */
export async function codeBelow(heading: string, page: string): Promise<string> {
  const text = await readFile(join(DOCS, page), 'utf8');
  const [, section] = text.split(`\n## ${heading}\n`);
  const code = /```(?:js|python) no-run: (?:the system tests|gate\.js)[^\n]*\n(.*?)\n```/s.exec(
    section?.split('\n## ')[0] ?? '',
  )?.[1];
  if (code === undefined) throw new Error(`docs/${page}: expected a server below the heading ${heading}`);
  return code;
}

/** What a server of the docs runs with. */
export interface Surroundings<M extends ModelServer> {
  /** The page, below `docs/`. */
  readonly page: string;
  /** Where its packages are found: an ancestor of the server's own directory. */
  readonly directory: string;
  /** Modules beside the server: their text by their name. */
  readonly modules: Readonly<Record<string, string>>;
  readonly model: () => Promise<M>;
  /** Further variables of its environment. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What stands for the model of an agent. */
export interface ModelServer extends AsyncDisposable {
  readonly url: string;
}

/** The servers of docs/embed.md: the packages are those of this workspace. */
export const OWN: Surroundings<Model> = {
  page: 'embed.md',
  directory: BENCH,
  modules: { 'agent.js': AGENT, 'agent.py': PYTHON_AGENT },
  model: () => Model.start(),
};

/** A server of the docs as a process, a model server that it asks, and a dashboard over its home. */
export class DocumentedServer<M extends ModelServer = Model> implements AsyncDisposable {
  readonly home: string;
  readonly model: M;
  dashboard!: RunningDashboard;
  program!: Program;
  readonly #where: Surroundings<M>;
  readonly #script: string;
  readonly #interpreter: string | undefined;

  private constructor(where: Surroundings<M>, directory: string, heading: string, model: M) {
    this.#where = where;
    this.home = join(directory, 'home');
    this.#interpreter = heading === 'Python' ? 'python3' : undefined;
    this.#script = join(directory, heading === 'Python' ? 'server.py' : 'server.js');
    this.model = model;
  }

  static start(heading: string): Promise<DocumentedServer> {
    return DocumentedServer.startIn(OWN, heading);
  }

  static async startIn<M extends ModelServer>(where: Surroundings<M>, heading: string): Promise<DocumentedServer<M>> {
    await mkdir(where.directory, { recursive: true });
    const server = new DocumentedServer(where, await mkdtemp(where.directory), heading, await where.model());
    try {
      await mkdir(server.home);
      for (const [name, text] of Object.entries(where.modules)) await writeFile(join(server.home, '..', name), text);
      await copyFile(PYTHON_GATE, join(server.home, '..', 'hermes_gate.py'));
      await writeFile(server.#script, await codeBelow(heading, where.page));
      const env = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: undefined };
      server.dashboard = await startDashboard({ home: server.home, env });
      await server.run();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the server, again if there was one, and waits until it says that it listens. */
  async run(): Promise<void> {
    const env = { ...this.#where.env, HERMES_HOME: this.home, MODEL_URL: this.model.url, PORT: '0' };
    this.program = await Program.start({
      name: 'server',
      node: this.#interpreter,
      script: this.#script,
      env,
      onStderr: () => undefined,
    });
    await this.#published();
  }

  /** What an operator does. */
  get operator(): StackClient {
    return new StackClient('http://not-used.invalid', this.dashboard.link);
  }

  async state(): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(join(this.home, 'gateway_state.json'), 'utf8'));
  }

  async url(): Promise<string> {
    return String((await this.state())['endpoint']);
  }

  async probe(path: string): Promise<number> {
    const { status } = await fetch(`${await this.url()}${path}`);
    return status;
  }

  async chat(session: string, text: string, signal?: AbortSignal): Promise<Response> {
    const query = new URLSearchParams({ session, text });
    return fetch(`${await this.url()}/chat?${query}`, signal ? { signal } : {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program?.kill('SIGKILL');
    await this.dashboard?.program.kill('SIGKILL');
    await this.model[Symbol.asyncDispose]();
    await rm(join(this.home, '..'), { recursive: true, force: true });
  }

  async #published(): Promise<void> {
    await eventually(async () => {
      const { endpoint, pid } = await this.state();
      if (endpoint === null || pid !== this.program.pid) throw new Error('expected a published endpoint');
    });
  }
}
