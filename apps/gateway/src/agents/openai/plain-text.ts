import { choiceText } from '../../openai-wire/answer-text.ts';
import { isRecord } from '../../openai-wire/content.ts';
import { dataOf } from '../../openai-wire/events.ts';
import { FILTERED, WANTS_TOOLS } from './failure.ts';
import { OddAnswer } from './odd-answer.ts';

/** The text of a streamed chat completion, for people. @throws OddAnswer if the model has nothing to say to them. */
export async function* plainText(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let reason: unknown;
  let isSilent = true;
  for await (const events of pieces) {
    const chunks = dataOf(events).filter((data) => data !== '[DONE]');
    for (const chunk of chunks.map((data) => JSON.parse(data) as Record<string, unknown>)) {
      reason = finishReason(chunk) ?? reason;
      const text = choiceText(chunk, 'delta');
      if (text === '') continue;
      isSilent = false;
      yield text;
    }
  }
  if (reason === 'content_filter') throw new OddAnswer(FILTERED);
  if (isSilent && (reason === 'tool_calls' || reason === 'function_call')) throw new OddAnswer(WANTS_TOOLS);
}

function finishReason({ choices }: Record<string, unknown>): unknown {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(choice) ? choice.finish_reason : undefined;
}
