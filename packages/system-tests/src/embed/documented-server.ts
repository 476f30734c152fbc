import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, type ProgramOptions, type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { lacking, runs } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect } from 'vitest';
import { AGENT, ASYNC_PYTHON_AGENT, Model, PYTHON_AGENT } from './model.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
/** Inside this workspace, where the packages of the examples are installed. */
const PYTHON_GATE = fileURLToPath(new URL('../../../drain-contract/python/hermes_gate.py', import.meta.url));
const BENCH = fileURLToPath(new URL('../../test-results/embed/', import.meta.url));

/** The servers of docs/embed.md, by the heading above them. */
export const HTTP_SERVERS = ['Ten lines', 'Express', 'Fastify', 'Hono', 'Python', 'FastAPI and Starlette'] as const;

/** One for each gate, and each way to hold it: those that have to prove its guarantees at length. */
export const PROVEN_SERVERS = ['Ten lines', 'Python', 'FastAPI and Starlette'] as const;

/** The servers in Python: the interpreter, and what it must be able to import. */
const PYTHON_SERVERS: Readonly<Record<string, { python: string; agent: string; modules: string }>> = {
  Python: { python: 'python3', agent: PYTHON_AGENT, modules: 'sqlite3' },
  // The one that Debian's packages belong to.
  'FastAPI and Starlette': { python: '/usr/bin/python3', agent: ASYNC_PYTHON_AGENT, modules: 'fastapi, uvicorn' },
};

/** For `skipIf`: whether this machine lacks what the server below a heading needs. */
export function lackingFor(heading: string): boolean {
  const needs = PYTHON_SERVERS[heading];
  if (needs === undefined) return false;
  return lacking(
    `${needs.python} with ${needs.modules}, for the server below "${heading}"`,
    runs(needs.python, '-c', `import ${needs.modules}`),
  );
}

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

/** How a server of the docs is run. */
interface Options extends Pick<ProgramOptions, 'within' | 'env'> {
  /** Changes the code of the page. Default: it runs as it is. */
  readonly edit?: (code: string) => string;
}

/** What stands for the model of an agent. */
export interface ModelServer extends AsyncDisposable {
  readonly url: string;
}

/** What a server of the docs runs with. */
export interface Surroundings<M extends ModelServer> extends Options {
  /** The page, below `docs/`. */
  readonly page: string;
  /** Where its packages are found: an ancestor of the server's own directory. Ends with a slash. */
  readonly directory: string;
  /** Modules beside the server: their text by their name. */
  readonly modules: Readonly<Record<string, string>>;
  readonly model: () => Promise<M>;
}

/** The servers of docs/embed.md: the packages are those of this workspace. */
const OWN: Surroundings<Model> = {
  page: 'embed.md',
  directory: BENCH,
  modules: { 'agent.js': AGENT },
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
    this.#interpreter = PYTHON_SERVERS[heading]?.python;
    this.#script = join(directory, this.#interpreter ? 'server.py' : 'server.js');
    this.model = model;
  }

  static start(heading: string, options: Options = {}): Promise<DocumentedServer> {
    const agent = PYTHON_SERVERS[heading]?.agent;
    const modules = agent === undefined ? OWN.modules : { 'agent.py': agent };
    return DocumentedServer.startIn({ ...OWN, modules, ...options }, heading);
  }

  static async startIn<M extends ModelServer>(where: Surroundings<M>, heading: string): Promise<DocumentedServer<M>> {
    await mkdir(where.directory, { recursive: true });
    const server = new DocumentedServer(where, await mkdtemp(where.directory), heading, await where.model());
    try {
      await mkdir(server.home);
      for (const [name, text] of Object.entries(where.modules)) await writeFile(join(server.home, '..', name), text);
      await copyFile(PYTHON_GATE, join(server.home, '..', 'hermes_gate.py'));
      const { edit = (code) => code } = where;
      await writeFile(server.#script, edit(await codeBelow(heading, where.page)));
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
    const before = await this.state().catch(() => undefined);
    this.program = await Program.start({
      name: 'server',
      node: this.#interpreter,
      script: this.#script,
      within: this.#where.within,
      env,
      onStderr: () => undefined,
    });
    await eventually(async () => {
      const { endpoint, started_at } = await this.state();
      if (endpoint === null || started_at === before?.['started_at']) throw new Error('expected a published endpoint');
    });
  }

  /** Waits until the published state has these fields. */
  async published(fields: Readonly<Record<string, unknown>>): Promise<void> {
    await eventually(async () => expect(await this.state()).toMatchObject(fields));
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

  /** @param url of the server, for a test that has taken its state away. */
  async chat(session: string, text: string, signal?: AbortSignal, url?: string): Promise<Response> {
    const query = new URLSearchParams({ session, text });
    return fetch(`${url ?? (await this.url())}/chat?${query}`, signal ? { signal } : {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program?.kill('SIGKILL');
    await this.dashboard?.program.kill('SIGKILL');
    await this.model[Symbol.asyncDispose]();
    await rm(join(this.home, '..'), { recursive: true, force: true });
  }
}
