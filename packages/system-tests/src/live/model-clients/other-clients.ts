import { join } from 'node:path';
import { Asked } from '../../others/asked.ts';
import type { ProjectOfOthers } from '../../others/project-of-others.ts';
import type { ModelClient } from './clients.ts';

/** The clients that are programs of a project of their own. */
export function otherClients(project: ProjectOfOthers): readonly ModelClient[] {
  return ['llamaindex', 'mastra'].map((name) => clientOf(join(project.directory, 'model-clients', `${name}.js`), name));
}

function clientOf(program: string, name: string): ModelClient {
  const ask = async (baseURL: string, how: string, text: string, signal?: AbortSignal) => {
    await using asked = new Asked(program, [baseURL, how, text]);
    signal?.addEventListener('abort', () => void asked.kill());
    const { end, error } = await asked.ended();
    if (end === 'failed') throw new Error(error);
    return asked.text;
  };
  return {
    name,
    // Without the usage.
    chat: async (baseURL, text) => (await ask(baseURL, 'chat', text)).replace(/ \d+$/, ''),
    stream: (baseURL, text, signal) => ask(baseURL, 'stream', text, signal),
  };
}
