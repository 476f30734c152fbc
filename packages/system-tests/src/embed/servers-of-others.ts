import { join } from 'node:path';
import { SpokenModel } from '../live/spoken-model.ts';
import { Asked } from '../others/asked.ts';
import { ProjectOfOthers } from '../others/project-of-others.ts';
import { codeBelow, DocumentedServer } from './documented-server.ts';

const PAGE = 'embed-servers.md';

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

/** The servers of docs/embed-servers.md and their clients. */
export class ServersOfOthers implements AsyncDisposable {
  readonly #project: ProjectOfOthers;

  private constructor(project: ProjectOfOthers) {
    this.#project = project;
  }

  static async install(): Promise<ServersOfOthers> {
    return new ServersOfOthers(await ProjectOfOthers.install());
  }

  async start(name: ServerName): Promise<DocumentedServer<SpokenModel>> {
    const modules = { 'gate.js': await codeBelow('The gate of a Hono app', PAGE), 'agent.js': AGENT };
    const where = { page: PAGE, directory: this.#project.directory, modules, model: SpokenModel.start };
    return DocumentedServer.startIn(where, name);
  }

  async ask(server: DocumentedServer<SpokenModel>, name: ServerName, session: string, text: string): Promise<Asked> {
    return new Asked(join(this.#project.directory, 'clients', SERVERS[name]), [await server.url(), session, text]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#project[Symbol.asyncDispose]();
  }
}
