import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '@hermes/test-kit/eventually';
import { SpokenModel } from '../live/spoken-model.ts';
import { codeBelow, DocumentedServer } from './documented-server.ts';

const PAGE = 'embed-servers.md';
const PROJECT = fileURLToPath(new URL('others/', import.meta.url));
const PNPM = fileURLToPath(new URL('../../../../scripts/pnpm.mjs', import.meta.url));
const GATEWAY = fileURLToPath(new URL('../../../../apps/gateway', import.meta.url));
const INSTALL = ['install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts', '--prefer-offline'];

/** The servers of docs/embed-servers.md by their heading, and the client of each. */
export const SERVERS = { 'AI SDK': 'ai-sdk.js', Mastra: 'mastra.js', MCP: 'mcp.js', A2A: 'a2a.js' } as const;
export type ServerName = keyof typeof SERVERS;

/** `agent.js` of the docs: streams from the model at MODEL_URL. */
const AGENT = `
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';

export async function* answer(prompt, abortSignal) {
  const model = createOpenAICompatible({ name: 'model', baseURL: process.env.MODEL_URL })('any');
  yield* streamText({ model, prompt, abortSignal, maxRetries: 0, onError: ({ error }) => { throw error; } }).textStream;
}
`;

/** A project with the servers and clients of others, as their users install it. Removed when disposed. */
export class ServersOfOthers implements AsyncDisposable {
  readonly #directory = fileURLToPath(new URL('../../test-results/servers-of-others/', import.meta.url));

  async install(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
    await cp(PROJECT, this.#directory, { recursive: true });
    await promisify(execFile)(process.execPath, [PNPM, '--dir', this.#directory, ...INSTALL]);
    const gateway = join(this.#directory, 'node_modules/@hermes/gateway');
    await mkdir(dirname(gateway), { recursive: true });
    await symlink(GATEWAY, gateway);
  }

  async start(name: ServerName): Promise<DocumentedServer<SpokenModel>> {
    const gate = await codeBelow('The gate of a Hono app', PAGE);
    const modules = { 'gate.js': gate, 'agent.js': AGENT };
    return DocumentedServer.startIn(
      { page: PAGE, directory: this.#directory, modules, model: SpokenModel.start },
      name,
    );
  }

  async ask(server: DocumentedServer<SpokenModel>, name: ServerName, session: string, text: string): Promise<Asked> {
    return new Asked(join(this.#directory, 'clients', SERVERS[name]), [await server.url(), session, text]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** A client in a process of its own that has asked something. Killed when disposed. */
export class Asked implements AsyncDisposable {
  readonly pieces: string[] = [];
  /** How the answer ended, as the client sees it. */
  end: { readonly end: 'whole' | 'failed'; readonly error?: string } | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  constructor(program: string, words: readonly string[]) {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('close', () => resolve()));
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line);
      if ('piece' in said) this.pieces.push(said.piece);
      else this.end = said;
    });
  }

  get text(): string {
    return this.pieces.join('');
  }

  async ended(): Promise<NonNullable<Asked['end']>> {
    await this.#exited;
    if (this.end === undefined) throw new Error('expected the client to say how its answer ended');
    return this.end;
  }

  async hasText(text: string): Promise<void> {
    await eventually(() => {
      if (this.text !== text) throw new Error(`expected the client to have read ${text}, found ${this.text}`);
    });
  }

  /** The client is gone, at once. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
