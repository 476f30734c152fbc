import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@hermes/test-kit/eventually';

/** A model server of a test: a reply gets its pieces when the test says so. */
export class Model implements AsyncDisposable {
  readonly #server: Server;
  readonly #replies = new Map<string, ServerResponse>();
  readonly #open = new Set<ServerResponse>();
  /** Answers these texts at once. */
  readonly atOnce = new Set<string>();
  /** The texts that it was asked to reply to. */
  readonly received: string[] = [];
  /** The texts whose reply was given up by who asked. */
  readonly abandoned: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Model> {
    const server = createServer((request, response) => model.#receive(request, response));
    const model = new Model(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the model was asked for a reply to this text. */
  async asked(text: string): Promise<void> {
    await eventually(() => {
      if (!this.#replies.has(text)) throw new Error(`expected the model to be asked: ${text}`);
    });
  }

  async send(text: string, piece: string): Promise<void> {
    await this.asked(text);
    this.#replies.get(text)?.write(piece);
  }

  /** Sends a piece if a reader is still connected. */
  nudge(text: string): void {
    this.#replies.get(text)?.write('.');
  }

  /** Sends a piece of every reply whose reader is still connected. */
  nudgeAll(): void {
    for (const response of this.#open) response.write('.');
  }

  async finish(text: string, piece = ''): Promise<void> {
    await this.asked(text);
    this.#replies.get(text)?.end(piece);
    this.#replies.delete(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const text = new URL(request.url ?? '/', 'http://localhost').searchParams.get('text') ?? '';
    this.received.push(text);
    response.writeHead(200).flushHeaders();
    this.#open.add(response);
    response.on('close', () => {
      this.#open.delete(response);
      if (!response.writableFinished) this.abandoned.push(text);
    });
    if (this.atOnce.has(text)) response.end(text);
    else this.#replies.set(text, response);
  }
}

/** `agent.js` of the docs: asks the model at MODEL_URL. */
export const AGENT = `
export async function* answer(text, signal) {
  const response = await fetch(process.env.MODEL_URL + '?text=' + encodeURIComponent(text), { signal });
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) yield piece;
}
`;

/** The same as `agent.py`. */
export const PYTHON_AGENT = `
import os
from urllib.parse import quote
from urllib.request import urlopen

def answer(text):
    with urlopen(os.environ["MODEL_URL"] + "?text=" + quote(text)) as response:
        while piece := response.read1(65536):
            yield piece.decode()
`;

/** The same for an event loop. */
export const ASYNC_PYTHON_AGENT = `
import asyncio
import os
from urllib.parse import quote, urlsplit

async def answer(text):
    url = urlsplit(os.environ["MODEL_URL"])
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(b"GET /?text=%s HTTP/1.0\\r\\n\\r\\n" % quote(text).encode())
        await reader.readuntil(b"\\r\\n\\r\\n")
        while piece := await reader.read(65536):
            yield piece.decode()
    finally:
        writer.close()
`;
