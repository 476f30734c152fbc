import type OpenAI from 'openai';
import type { PastTurn } from '../../journal/turn-store.ts';
import type { ContentPart } from '../../openai-wire/parts.ts';
import type { AgentRequest } from '../agent.ts';
import { answerOf } from '../past-answer.ts';
import { messageOf } from '../past-message.ts';

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** The messages for a model: the instructions, the earlier turns, and the new message. */
export function messagesOf(request: AgentRequest, instructions: string | undefined): ChatMessage[] {
  const system = [request.system, instructions].filter((text) => text !== undefined && text !== '').join('\n\n');
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...(request.history ?? []).flatMap(exchangeOf),
    userMessage(request.content ?? request.text),
  ];
}

/** The parts as they came, also those that are more than OpenAI's own. */
function userMessage(content: string | readonly ContentPart[]): ChatMessage {
  return { role: 'user', content } as ChatMessage;
}

function exchangeOf(turn: PastTurn): ChatMessage[] {
  return [userMessage(messageOf(turn)), { role: 'assistant', content: answerOf(turn) }];
}
