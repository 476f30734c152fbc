import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import type { Model } from '../../agents/agent.ts';
import { AgentError } from '../../agents/agent-error.ts';
import type { TurnEngine } from '../../turns/engine.ts';

/** How long a model server may take to list its models, in ms. */
const TIMEOUT_MS = 10_000;

/** `GET /v1/models` and `GET /v1/models/ID`. */
export function modelRoutes(app: FastifyInstance, engine: TurnEngine): void {
  const own: Model = { id: 'hermes', object: 'model', created: Math.floor(Date.now() / 1_000), owned_by: 'hermes' };
  const list = async () => (await models(engine)) ?? [own];

  app.get('/v1/models', async () => ({ object: 'list', data: await list() }));

  // Names of models may contain slashes.
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const id = request.params['*'];
    const model = (await list()).find((one) => one.id === id);
    if (model) return model;
    throw new ProblemError(404, 'model-unknown', 'No such model', NO_SUCH_MODEL);
  });
}

const NO_SUCH_MODEL = 'There is no model with this name: GET /v1/models lists those that there are.';

/** @throws ProblemError 502 */
async function models(engine: TurnEngine): Promise<readonly Model[] | undefined> {
  try {
    return await engine.models(AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    throw new ProblemError(502, 'models-unavailable', 'Models unavailable', error.message);
  }
}
