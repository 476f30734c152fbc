import { AgentError } from '../agent-error.ts';
import type { OpenAiAgentConfig } from '../config.ts';

/** The names of models that clients may use, and what the model server calls them. */
export class ModelNames {
  readonly #config: Pick<OpenAiAgentConfig, 'model' | 'models'>;

  constructor(config: Pick<OpenAiAgentConfig, 'model' | 'models'>) {
    this.#config = config;
  }

  /** The names that are offered; `undefined` if the model server says which. */
  get offered(): readonly string[] | undefined {
    const { model, models } = this.#config;
    if (models === 'upstream') return undefined;
    return models === 'configured' ? [model] : Object.keys(models);
  }

  /** @throws AgentError for a name that is not offered. */
  upstreamName(name: unknown): string {
    const { model, models } = this.#config;
    if (models === 'configured') return model;
    if (models === 'upstream') return String(name);
    const found = typeof name === 'string' && Object.hasOwn(models, name) ? models[name] : undefined;
    if (found !== undefined) return found;
    throw new AgentError(unknownModel(name), unknownModelError(name));
  }
}

function unknownModel(name: unknown): string {
  return `The gateway does not offer the model ${String(name)}: GET /v1/models lists those that it offers.`;
}

function unknownModelError(name: unknown) {
  const error = { message: unknownModel(name), type: 'invalid_request_error', param: 'model', code: 'model_not_found' };
  return { status: 404, body: { error } };
}
