import { parseRequest } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EventHub } from '../events/event-hub.ts';
import type { TurnHistory } from '../journal/turn-store.ts';
import { viewRecordInFull } from '../turns/view.ts';

/** Turns of a page, and bytes of their texts and replies; a page has always one turn. */
const PAGE = { turns: 50, maxTurns: 200, bytes: 1_048_576 } as const;

const LIMIT_RULE = `expected a whole number from 1 to ${PAGE.maxTurns}`;
const querySchema = z.object({
  before: z.coerce.number('expected the seq of a turn').int().min(1).optional(),
  limit: z.coerce
    .number(LIMIT_RULE)
    .int(LIMIT_RULE)
    .min(1, LIMIT_RULE)
    .max(PAGE.maxTurns, LIMIT_RULE)
    .default(PAGE.turns),
});

export interface HistoryRouteParts {
  readonly history: TurnHistory;
  readonly hub: EventHub;
}

/**
 * `GET /v1/sessions/:id/turns`: a page of the turns of a session, the newest first, and the id of the last event before
 * it: whoever follows the events from there misses none.
 */
export function historyRoute(app: FastifyInstance, { history, hub }: HistoryRouteParts): void {
  app.get<{ Params: { id: string } }>('/v1/sessions/:id/turns', async (request, reply) => {
    const { before, limit } = parseRequest(querySchema, request.query);
    const session = request.params.id;
    // First the position, then the turns: a turn that ends in between is in the page, and its event follows.
    const last_event_id = await hub.position(session);
    const page = await history.turns({ session, before, limit, maxBytes: PAGE.bytes });
    const oldest = page.at(-1)?.seq;
    const isAll = oldest === undefined || (await history.turns({ session, before: oldest, limit: 1 })).length === 0;
    return reply.header('cache-control', 'no-store').send({
      turns: page.map((turn) => ({ seq: turn.seq, ...viewRecordInFull(turn) })),
      next_before: isAll ? null : oldest,
      last_event_id,
    });
  });
}
