import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, type ProgramOptions, type RunningDashboard, StackClient, startDashboard } from '@hermes/local-stack';
import { lacking, runs } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect } from 'vitest';
import { AGENT, ASYNC_PYTHON_AGENT, Model, PYTHON_AGENT } from './model.ts';

const PAGE = fileURLToPath(new URL('../../../../docs/embed.md', import.meta.url));
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

/** The first server below a heading. */
async function codeBelow(heading: string): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const [, section] = page.split(`\n## ${heading}\n`);
  const code = /```(?:js|python) [^\n]*run it as a server\n(.*?)\n```/s.exec(section?.split('\n## ')[0] ?? '')?.[1];
  if (code === undefined) throw new Error(`docs/embed.md: expected a server below the heading ${heading}`);
  return code;
}

interface Options extends Pick<ProgramOptions, 'within' | 'env'> {
  /** Changes the code of the page. */
  readonly edit?: (code: string) => string;
}

/** A server of the docs as a process, a model server that it asks, and a dashboard over its home. */
export class DocumentedServer implements AsyncDisposable {
  readonly home: string;
  readonly model: Model;
  dashboard!: RunningDashboard;
  program!: Program;
  #options: Options = {};
  readonly #script: string;
  readonly #interpreter: string | undefined;

  private constructor(directory: string, heading: string, model: Model) {
    this.home = join(directory, 'home');
    this.#interpreter = PYTHON_SERVERS[heading]?.python;
    this.#script = join(directory, this.#interpreter ? 'server.py' : 'server.js');
    this.model = model;
  }

  static async start(heading: string, options: Options = {}): Promise<DocumentedServer> {
    await mkdir(BENCH, { recursive: true });
    const server = new DocumentedServer(await mkdtemp(BENCH), heading, await Model.start());
    server.#options = options;
    try {
      await mkdir(server.home);
      await writeFile(join(server.home, '..', 'agent.js'), AGENT);
      await writeFile(join(server.home, '..', 'agent.py'), PYTHON_SERVERS[heading]?.agent ?? '');
      await copyFile(PYTHON_GATE, join(server.home, '..', 'hermes_gate.py'));
      const { edit = (code) => code } = options;
      await writeFile(server.#script, edit(await codeBelow(heading)));
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
    const env = { ...this.#options.env, HERMES_HOME: this.home, MODEL_URL: this.model.url, PORT: '0' };
    const before = await this.state().catch(() => undefined);
    this.program = await Program.start({
      name: 'server',
      node: this.#interpreter,
      script: this.#script,
      within: this.#options.within,
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
