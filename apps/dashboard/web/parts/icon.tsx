import type { Tone } from '../model/sentence.ts';

const PATHS: Readonly<Record<Tone, string>> = {
  calm: 'M5 12h14',
  good: 'M5 12.5l4.5 4.5L19 7.5',
  busy: 'M12 6v6l4 2',
  warn: 'M12 6v7M12 17.2v.3',
  bad: 'M7 7l10 10M17 7L7 17',
};

/** A sign for a tone, beside words that say the same. */
export function Icon({ tone }: { readonly tone: Tone }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={PATHS[tone]} />
    </svg>
  );
}
