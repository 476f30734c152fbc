import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { Agent, OpenAIProvider, Runner } from '@openai/agents';
import { generateText, type LanguageModel, streamText } from 'ai';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';

/** How people talk with a model. Each client repeats requests as it does by default. */
export interface ModelClient {
  readonly name: string;
  /** Asks for an answer in one piece. @throws the client's error. */
  chat(baseURL: string, text: string): Promise<string>;
  /** @returns the whole answer. @throws the client's error, also when it was cut off. */
  stream(baseURL: string, text: string, signal: AbortSignal): Promise<string>;
}

const apiKey = 'none';
const model = 'any';

export const CLIENTS: readonly ModelClient[] = [
  openai('openai 7', OpenAI),
  openai('openai 6', OpenAI6 as unknown as typeof OpenAI),
  openaiResponses('openai 7 by responses', OpenAI),
  openaiResponses('openai 6 by responses', OpenAI6 as unknown as typeof OpenAI),
  aiSdk('ai, @ai-sdk/openai-compatible', (baseURL) => createOpenAICompatible({ name: 'h', baseURL })(model)),
  aiSdk('ai, @ai-sdk/openai by chat', (baseURL) => createOpenAI({ baseURL, apiKey }).chat(model)),
  aiSdk('ai, @ai-sdk/openai by responses', (baseURL) => createOpenAI({ baseURL, apiKey }).responses(model)),
  {
    name: '@langchain/openai',
    async chat(baseURL, text) {
      return (await langChain(baseURL).invoke(text)).text;
    },
    async stream(baseURL, text, signal) {
      let said = '';
      for await (const piece of await langChain(baseURL).stream(text, { signal })) said += piece.text;
      return said;
    },
  },
  {
    name: '@openai/agents',
    async chat(baseURL, text) {
      return String((await runner(baseURL).run(agent(), text)).finalOutput);
    },
    async stream(baseURL, text, signal) {
      const result = await runner(baseURL).run(agent(), text, { stream: true, signal });
      let said = '';
      for await (const piece of result.toTextStream()) said += piece;
      await result.completed;
      return said;
    },
  },
];

function openai(name: string, Client: typeof OpenAI): ModelClient {
  return {
    name,
    async chat(baseURL, content) {
      const messages = [{ role: 'user' as const, content }];
      const { choices } = await new Client({ baseURL, apiKey }).chat.completions.create({ model, messages });
      return choices[0]?.message.content ?? '';
    },
    async stream(baseURL, content, signal) {
      const messages = [{ role: 'user' as const, content }];
      const stream = new Client({ baseURL, apiKey }).chat.completions.stream({ model, messages }, { signal });
      return (await stream.finalChatCompletion()).choices[0]?.message.content ?? '';
    },
  };
}

function openaiResponses(name: string, Client: typeof OpenAI): ModelClient {
  return {
    name,
    async chat(baseURL, input) {
      return (await new Client({ baseURL, apiKey }).responses.create({ model, input })).output_text;
    },
    async stream(baseURL, input, signal) {
      const stream = new Client({ baseURL, apiKey }).responses.stream({ model, input }, { signal });
      return (await stream.finalResponse()).output_text;
    },
  };
}

function aiSdk(name: string, modelOf: (baseURL: string) => LanguageModel): ModelClient {
  return {
    name,
    async chat(baseURL, prompt) {
      return (await generateText({ model: modelOf(baseURL), prompt })).text;
    },
    async stream(baseURL, prompt, abortSignal) {
      let failure: unknown;
      const onError = ({ error }: { readonly error: unknown }) => {
        failure = error;
      };
      const { textStream } = streamText({ model: modelOf(baseURL), prompt, abortSignal, onError });
      let said = '';
      for await (const piece of textStream) said += piece;
      abortSignal.throwIfAborted();
      if (failure !== undefined) throw failure;
      return said;
    },
  };
}

function langChain(baseURL: string): ChatOpenAI {
  return new ChatOpenAI({ apiKey, model, configuration: { baseURL } });
}

function runner(baseURL: string): Runner {
  const modelProvider = new OpenAIProvider({ baseURL, apiKey, useResponses: true });
  return new Runner({ modelProvider, tracingDisabled: true });
}

function agent(): Agent {
  return new Agent({ name: 'Meteorologist', instructions: 'Be brief.', model });
}
