import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { commandsLike } from '../model/commands.ts';
import { PICTURE_TYPES, pictureProblem } from '../model/pictures.ts';
import type { Picture } from '../model/wire.ts';
import { readPicture } from './read-picture.ts';

/** The longest message that the gateway takes. */
const MAX_LENGTH = 100_000;

/** What is written and not sent yet. */
export interface Draft {
  readonly text: string;
  readonly pictures: readonly Picture[];
}

export const NO_DRAFT: Draft = { text: '', pictures: [] };

export interface ComposerProps {
  readonly draft: Draft;
  onDraft(change: (draft: Draft) => Draft): void;
  onSend(text: string, pictures: readonly Picture[]): void;
  /** Interrupts the running task; `null` if none runs. */
  readonly onStop: (() => void) | null;
}

/** The field for the next message. Enter sends it, Shift+Enter begins a line. */
export function Composer({ draft, onDraft, onSend, onStop }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { text, pictures } = draft;

  useEffect(() => field.current?.focus(), []);

  const write = (next: string) => onDraft((before) => ({ ...before, text: next }));
  const send = (next: string) => {
    if (next.trim() === '' && pictures.length === 0) return;
    onSend(next.trim(), pictures);
    onDraft(() => NO_DRAFT);
    setProblem(null);
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the input of a character that takes several keys.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send(text);
  };
  const attach = async (chosen: readonly File[]) => {
    setProblem(null);
    let attached = pictures.length;
    for (const file of chosen) {
      const refused = pictureProblem(file, attached);
      if (refused !== null) return setProblem(refused);
      attached += 1;
      const picture = await readPicture(file);
      if (picture === null) return setProblem(`${file.name} cannot be read.`);
      onDraft((before) => ({ ...before, pictures: [...before.pictures, picture] }));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    void attach(pasted);
  };
  const remove = (index: number) => {
    onDraft((before) => ({ ...before, pictures: before.pictures.filter((_, at) => at !== index) }));
    field.current?.focus();
  };

  return (
    <form className="composer" onSubmit={submit}>
      <div className="column">
        <div role="alert">{problem && <p className="notice tone-bad">{problem}</p>}</div>
        <div className="commands">
          {commandsLike(text).map(([name, does]) => (
            <button key={name} type="button" onClick={() => send(name)}>
              <b>{name}</b> <span className="muted">{does}</span>
            </button>
          ))}
        </div>
        <div className="field">
          {pictures.length > 0 && (
            <ul className="pictures">
              {pictures.map(({ name, url }, index) => (
                <li key={url}>
                  <img src={url} alt={name} />
                  <button type="button" aria-label={`Remove ${name}`} onClick={() => remove(index)}>
                    ×
                  </button>
                </li>
              ))}
            </ul>
          )}
          <label className="unseen" htmlFor="message">
            Message
          </label>
          <textarea
            ref={field}
            id="message"
            rows={1}
            maxLength={MAX_LENGTH}
            placeholder="Write a message"
            enterKeyHint="send"
            value={text}
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <div className="tools">
            <input
              ref={files}
              type="file"
              id="pictures"
              className="unseen"
              tabIndex={-1}
              aria-hidden="true"
              multiple
              accept={PICTURE_TYPES.join(',')}
              onChange={(event) => {
                void attach([...(event.target.files ?? [])]);
                event.target.value = '';
              }}
            />
            <button type="button" className="quiet" onClick={() => files.current?.click()}>
              Add picture
            </button>
            <span className="hint muted">Enter sends, Shift+Enter begins a line</span>
            {onStop && (
              <button type="button" className="danger-outline" onClick={onStop}>
                Stop
              </button>
            )}
            <button type="submit" className="primary" disabled={text.trim() === '' && pictures.length === 0}>
              Send
            </button>
          </div>
        </div>
      </div>
    </form>
  );
}
