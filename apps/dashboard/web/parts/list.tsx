import { type KeyboardEvent, memo, useCallback, useEffect, useRef } from 'react';
import { duration } from '../model/ages.ts';
import { type Filter, KIND_NAMES, KINDS, tally, toneOf } from '../model/fleet.ts';
import type { Profile } from '../model/profile.ts';
import { sentenceOf, stateWord } from '../model/sentence.ts';
import { useNow } from './now.ts';
import { linkTo } from './picked.ts';
import { SelectionBar } from './selection.tsx';

export interface ListProps {
  readonly profiles: readonly Profile[];
  /** Those that match the filter. */
  readonly listed: readonly Profile[];
  readonly filter: Filter;
  onFilter(filter: Filter): void;
  readonly shown: string | null;
  readonly selected: ReadonlySet<string>;
  onSelect(names: ReadonlySet<string>): void;
}

export function List({ profiles, listed, filter, onFilter, shown, selected, onSelect }: ListProps) {
  const { text, kind } = filter;
  const input = useRef<HTMLInputElement>(null);
  const numbers = tally(profiles);
  const chosen = profiles.filter(({ name }) => selected.has(name));
  const isEachListed = listed.length > 0 && listed.every(({ name }) => selected.has(name));
  const toggle = useCallback(
    (name: string, isSelected: boolean) => onSelect(withName(selected, name, isSelected)),
    [selected, onSelect],
  );
  useSlashKey(input);

  return (
    <nav className="list" aria-label="Profiles">
      <div className="search">
        <label className="unseen" htmlFor="filter">
          Filter profiles by name
        </label>
        <input
          ref={input}
          id="filter"
          type="search"
          placeholder="Filter profiles"
          aria-keyshortcuts="/"
          value={text}
          onChange={(event) => onFilter({ kind, text: event.target.value })}
        />
        <div className="kinds">
          {KINDS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={kind === each}
              onClick={() => onFilter({ kind: each, text })}
            >
              {KIND_NAMES[each]} <b>{numbers[each]}</b>
            </button>
          ))}
        </div>
        {listed.length > 0 && (
          <label className="check">
            <input
              type="checkbox"
              checked={isEachListed}
              onChange={() => onSelect(new Set(isEachListed ? [] : listed.map(({ name }) => name)))}
            />
            <span>Select {listed.length === profiles.length ? 'all' : `these ${listed.length}`}</span>
          </label>
        )}
        {chosen.length > 0 && <SelectionBar selected={chosen} onClear={() => onSelect(new Set())} />}
      </div>
      <p className="unseen" role="status">
        {text === '' && kind === 'all' ? '' : `${listed.length} of ${profiles.length} profiles`}
      </p>
      {listed.length === 0 && <p className="muted none">No profile matches.</p>}
      <ul onKeyDown={moveFocus}>
        {listed.map((profile) => (
          <Row
            key={profile.name}
            profile={profile}
            isShown={profile.name === shown}
            isSelected={selected.has(profile.name)}
            onToggle={toggle}
          />
        ))}
      </ul>
    </nav>
  );
}

interface RowProps {
  readonly profile: Profile;
  readonly isShown: boolean;
  readonly isSelected: boolean;
  onToggle(name: string, isSelected: boolean): void;
}

const Row = memo(function Row({ profile, isShown, isSelected, onToggle }: RowProps) {
  const { name } = profile;
  return (
    <li>
      <label>
        <span className="unseen">Select {name}</span>
        <input type="checkbox" checked={isSelected} onChange={() => onToggle(name, !isSelected)} />
      </label>
      <a href={linkTo(name)} data-profile={name} aria-current={isShown ? 'true' : undefined}>
        <span className="row-head">
          <strong>{name}</strong>
          <span className={`pill tone-${toneOf(profile)}`}>{stateWord(profile)}</span>
        </span>
        <RowText profile={profile} />
      </a>
    </li>
  );
});

function RowText({ profile }: { readonly profile: Profile }) {
  const now = useNow();
  const facts = [
    profile.desiredState === null ? null : `desired: ${profile.desiredState}`,
    profile.slot === null ? null : `slot ${profile.slot.state}`,
    profile.startedAt === null ? null : `up ${duration(now - profile.startedAt)}`,
  ];
  return (
    <>
      <span className="row-sentence">{sentenceOf(profile, now).text}</span>
      <span className="row-facts">{facts.filter((fact) => fact !== null).join(' · ')}</span>
    </>
  );
}

function withName(names: ReadonlySet<string>, name: string, isIn: boolean): ReadonlySet<string> {
  const changed = new Set(names);
  if (isIn) changed.add(name);
  else changed.delete(name);
  return changed;
}

/** Up, down, home and end move between the profiles. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>) {
  const links = [...event.currentTarget.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: links.length - 1,
  };
  const target = links[targets[event.key] ?? -1];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

/** A slash moves the focus to the filter, unless a field or a dialog has it. */
function useSlashKey(filter: { readonly current: HTMLInputElement | null }) {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const isBusy =
        document.querySelector('dialog[open]') || (event.target as Element).matches('input, textarea, select');
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isBusy) return;
      event.preventDefault();
      filter.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [filter]);
}
