import type { Turn } from '../../turns/turn.ts';

/** A whole answer. */
export function completion(turn: Turn, model: string) {
  return {
    id: completionId(turn),
    object: 'chat.completion',
    created: seconds(turn.acceptedAt),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: turn.reply, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
  };
}

/** A piece of an answer. */
export function completionChunk(turn: Turn, model: string, delta: Record<string, string>, finish: 'stop' | null) {
  return {
    id: completionId(turn),
    object: 'chat.completion.chunk',
    created: seconds(turn.acceptedAt),
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}

function completionId(turn: Turn): string {
  return `chatcmpl-${turn.id}`;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}
