import type { Logger } from '@hermes/service-kit';
import { v5 as uuidv5 } from 'uuid';
import type { Journal } from '../journal/journal.ts';
import { type ConversationPart, DUPLICATE_TURN, type TurnRecord } from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { Submission } from '../turns/submission.ts';
import { type Message, Turn } from '../turns/turn.ts';
import { newTurnId } from '../turns/turn-id.ts';
import { viewEnd } from '../turns/view.ts';
import type { ChatAudit } from './audit.ts';
import { type Operation, type Operations, principalOf } from './operations.ts';
import { type ChatCommand, isForOperators, type OPERATOR_COMMANDS, parseCommand } from './parse-command.ts';
import { type ChatStatus, helpText, statusText } from './texts.ts';

/** The namespace of the ids of commands, which derive from their messages. */
const COMMAND_IDS = '0f2a6a3b-5c3e-4e0e-8f0c-6f0d7a6f4f55';

/** Waiting turns of a session that are counted, and bytes of their texts that are read for it. */
const COUNTED = { limit: 100, maxBytes: 1_048_576 } as const;

/** A message that may be a command. */
export interface ChatMessage extends Message {
  /** The name of the bot that got it. */
  readonly bot?: string | undefined;
  /** Whether a channel got it, which knows who speaks for the session. */
  readonly isFromChannel?: boolean;
}

export interface ChatCommandParts {
  readonly engine: Pick<TurnEngine, 'submit' | 'find' | 'interrupt' | 'acceptsMessages'>;
  readonly journal: Pick<Journal, 'findMessage' | 'answer' | 'turns'>;
  readonly eventComposer: EventComposer;
  readonly operations: Operations;
  readonly audit: ChatAudit;
  /** The sessions of operators. */
  readonly operators: readonly string[];
  /** Whether only a channel may speak for the session. */
  belongsToChannel(session: string): boolean;
  /** What there is to tell about the gateway. */
  status(): Omit<ChatStatus, 'runningSince' | 'waiting'>;
  readonly log: Logger;
}

/** An answer to a command. */
interface Answered extends Pick<Operation, 'reply' | 'notifies' | 'proceed' | 'undo'> {
  readonly conversation?: ConversationPart;
}

/**
 * Answers the commands among the messages of people at once, whether a turn runs or the gate drains, and passes the others
 * to the engine. A command is stored as a turn that has ended, with its answer: a repeated message gets that answer.
 */
export class ChatCommands {
  readonly #parts: ChatCommandParts;

  constructor(parts: ChatCommandParts) {
    this.#parts = parts;
  }

  /** As {@link TurnEngine.submit}. */
  async submit(message: ChatMessage): Promise<Submission> {
    const { engine, log } = this.#parts;
    const command = parseCommand(message.text, message.bot);
    if (command === undefined || !engine.acceptsMessages) return engine.submit(message);
    try {
      return (await this.#earlier(message)) ?? (await this.#answer(command, message));
    } catch (error) {
      log.error({ err: error, session: message.session }, 'the answer to a command could not be stored');
      return { kind: 'unstored' };
    }
  }

  async #earlier({ session, messageId }: Message): Promise<Submission | undefined> {
    const record = messageId === undefined ? undefined : await this.#parts.journal.findMessage(session, messageId);
    const turn = record && (await this.#parts.engine.find(record.id));
    return turn && { kind: 'accepted', turn, repeated: true };
  }

  async #answer(command: ChatCommand, message: ChatMessage): Promise<Submission> {
    const { session, messageId } = message;
    const id = messageId === undefined ? newTurnId() : uuidv5(JSON.stringify([session, messageId]), COMMAND_IDS);
    const answered = await this.#run(command, message, id);
    const turn = new Turn({ ...message, conversation: answered.conversation ?? 'separate' }, { id });
    turn.settle({ status: 'done', reply: answered.reply, problem: null, endedAt: Date.now() });
    try {
      await this.#store(turn, answered);
    } catch (error) {
      const earlier = isDuplicate(error) ? await this.#earlier(message) : undefined;
      if (earlier) return earlier;
      await answered.undo?.();
      throw error;
    }
    answered.proceed?.();
    return { kind: 'accepted', turn, repeated: false };
  }

  async #store(turn: Turn, { notifies }: Answered): Promise<void> {
    const { eventComposer, journal } = this.#parts;
    const record: TurnRecord = turn.toRecord();
    const end = turn.ending('done');
    const announcement = eventComposer.turnEnded(record.session, viewEnd(turn, end), end.endedAt);
    await journal.answer(record, announcement, notifies);
    eventComposer.stored(record.session);
  }

  async #run({ name, argument }: ChatCommand, message: ChatMessage, id: string): Promise<Answered> {
    const { session } = message;
    if (isForOperators(name)) return this.#operate(name, argument, message, id);
    switch (name) {
      case 'help':
        return { reply: helpText(this.#isOperator(message)) };
      case 'new':
        return { reply: 'A new conversation begins: I have forgotten what was said before.', conversation: 'start' };
      case 'status':
        return { reply: await this.#status(session) };
      case 'stop':
        return { reply: await this.#stop(session) };
      default:
        return name satisfies never;
    }
  }

  async #operate(
    name: keyof typeof OPERATOR_COMMANDS,
    argument: string,
    message: ChatMessage,
    id: string,
  ): Promise<Answered> {
    const { audit, log, operations } = this.#parts;
    const { session } = message;
    const record = { action: name, principal: principalOf(session) };
    if (!this.#isOperator(message)) {
      const reply = `/${name} is for operators only: add this session to operators in the gateway's config.yaml: ${session}`;
      await audit({
        ...record,
        result: 'refused',
        status: 403,
        requestId: null,
        reason: null,
        detail: 'not an operator',
      });
      return { reply };
    }
    try {
      const operation =
        name === 'drain'
          ? await operations.drain(session, id, argument)
          : name === 'restart'
            ? await operations.restart(session, id)
            : await operations.cancel();
      const { result, reply, requestId, reason } = operation;
      const [status, detail] = result === 'ok' ? [200, null] : [409, reply];
      await audit({ ...record, result, status, requestId, reason, detail });
      return operation;
    } catch (error) {
      log.error({ err: error, session }, `/${name} failed`);
      const detail = (error as Error).message;
      await audit({ ...record, result: 'failed', status: 500, requestId: null, reason: null, detail });
      return { reply: `/${name} failed: ${detail}` };
    }
  }

  /** An API client chooses the names of its sessions, but not that of a channel's. */
  #isOperator({ session, isFromChannel }: ChatMessage): boolean {
    const { belongsToChannel, operators } = this.#parts;
    return operators.includes(session) && (isFromChannel === true || !belongsToChannel(session));
  }

  async #status(session: string): Promise<string> {
    const { journal, status } = this.#parts;
    const running = await this.#runningTurn(session);
    const waiting = await journal.turns({ session, status: 'accepted', ...COUNTED });
    return statusText({ ...status(), runningSince: running?.startedAt ?? undefined, waiting: waiting.length });
  }

  async #stop(session: string): Promise<string> {
    const { engine } = this.#parts;
    const record = await this.#runningTurn(session);
    const turn = record && (await engine.find(record.id));
    if (turn === undefined || turn.isOver) return 'No task is running in this session.';
    engine.interrupt(turn, 'This task was interrupted by /stop.');
    return 'Interrupting the running task.';
  }

  async #runningTurn(session: string): Promise<TurnRecord | undefined> {
    const [turn] = await this.#parts.journal.turns({ session, status: 'running', limit: 1 });
    return turn;
  }
}

function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown }).code === DUPLICATE_TURN;
}
