import { useState } from 'react';

/** A dialog that is open; `number` is its React key. */
export interface Question<T> {
  readonly about: T;
  readonly number: number;
}

/**
 * The dialog that is open, if one is. A dialog reports its end a moment after it is closed, and by then its button may have
 * been pressed again: each one has another number, so that the end of the last does not close the next.
 */
export function useQuestion<T>() {
  const [question, setQuestion] = useState<Question<T> | null>(null);
  const [asked, setAsked] = useState(0);
  const ask = (about: T) => {
    setQuestion({ about, number: asked });
    setAsked(asked + 1);
  };
  return { question, ask, close: () => setQuestion(null) };
}
