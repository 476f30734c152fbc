import type OpenAI from 'openai';
import type { PastTurn } from '../../journal/turn-store.ts';
import type { AgentRequest } from '../agent.ts';
import { answerOf } from '../past-answer.ts';

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** The messages for a model: the instructions, the earlier turns, and the new message. */
export function messagesOf(request: AgentRequest, instructions: string | undefined): ChatMessage[] {
  const system = [request.system, instructions].filter((text) => text !== undefined && text !== '').join('\n\n');
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...(request.history ?? []).flatMap(exchangeOf),
    { role: 'user', content: request.text },
  ];
}

function exchangeOf(turn: PastTurn): ChatMessage[] {
  return [
    { role: 'user', content: turn.text },
    { role: 'assistant', content: answerOf(turn) },
  ];
}
