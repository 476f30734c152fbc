import { visibleText } from '@hermes/drain-contract';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { ALL, type Filter, select, troubleFirst } from '../model/fleet.ts';
import type { Profile } from '../model/profile.ts';
import { announcementOf, sentenceOf } from '../model/sentence.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';
import { useNow } from './now.ts';
import { linkTo, usePicked } from './picked.ts';
import { useLive } from './session.ts';

/**
 * The list of profiles and the one that is looked at; where there is room for one of them only, style.css decides. Only
 * the profile that is selected and in the list can be acted on: the eye is on the list, the button beside it.
 */
export function Fleet() {
  const { profiles, link } = useLive();
  const picked = usePicked();
  const [filter, setFilter] = useState<Filter>(ALL);
  const shownFilter = useDeferredValue(filter);
  const list = [...(profiles?.values() ?? [])];
  const ordered = useRestingOrder(list);
  const listed = select(ordered, shownFilter);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const profile = picked === null ? list[0] : profiles?.get(picked);
  const isPicked = picked !== null || list.length < 2;
  useReturnedFocus(picked);
  useOnlyPicked(list.length === 1 ? list[0] : undefined, picked);

  if (profiles === null || (profile === undefined && picked === null)) {
    return (
      <main className="empty">{profiles === null ? <Waiting state={link.state} /> : <p>There is no profile.</p>}</main>
    );
  }
  return (
    <main className="fleet" data-picked={isPicked} data-many={list.length > 1}>
      {list.length > 1 && (
        <List
          profiles={list}
          listed={listed}
          filter={filter}
          onFilter={setFilter}
          shown={profile?.name ?? null}
          selected={selected}
          onSelect={setSelected}
        />
      )}
      {profile === undefined ? (
        <NoProfile name={picked ?? ''} />
      ) : (
        <section id="detail" tabIndex={-1} aria-labelledby="detail-heading">
          <Detail
            key={profile.name}
            profile={profile}
            isAlone={list.length < 2}
            isPicked={picked !== null}
            isListed={list.length < 2 || listed.includes(profile)}
            onShowAll={() => setFilter(ALL)}
          />
        </section>
      )}
      <p className="unseen" role="status">
        {profile && announcementOf(profile)}
      </p>
      <Title name={profile?.name ?? null} />
    </main>
  );
}

/** For a link to a profile that does not exist: no other profile is shown, because actions would apply to it. */
function NoProfile({ name }: { readonly name: string }) {
  return (
    <section id="detail" tabIndex={-1} aria-labelledby="detail-heading">
      <article>
        <h2 id="detail-heading">There is no profile {visibleText(name, 80)}</h2>
        <p className="muted">It was removed, or the link is wrong.</p>
        <p>
          <a href="#all">Show all profiles</a>
        </p>
      </article>
    </section>
  );
}

function Waiting({ state }: { readonly state: string }) {
  return state === 'connecting' ? <p className="muted">Asking for the profiles …</p> : null;
}

/** The title of the tab, readable in the background. */
function Title({ name }: { readonly name: string | null }) {
  const live = useLive();
  const now = useNow();
  const profile = name === null ? undefined : live.profiles?.get(name);
  const sentence = profile ? sentenceOf(profile, now).text : 'No such profile';
  useEffect(() => {
    const what = live.link.state === 'lost' ? 'Connection lost' : sentence;
    document.title = [what, name, 'Hermes'].filter((part) => part !== null).join(' · ');
  });
  return null;
}

/** Those that need attention first, but no row moves while a person points at the list or has the focus in it. */
function useRestingOrder(list: readonly Profile[]): readonly Profile[] {
  const names = useRef<readonly string[]>([]);
  const rank = new Map(names.current.map((name, index) => [name, index]));
  const isInUse = document.querySelector('.list ul')?.matches(':hover, :focus-within') ?? false;
  const ordered = isInUse
    ? list.toSorted((a, b) => (rank.get(a.name) ?? rank.size) - (rank.get(b.name) ?? rank.size))
    : troubleFirst(list);
  useEffect(() => {
    names.current = ordered.map(({ name }) => name);
  });
  return ordered;
}

/** Back in the list, the focus is where it was before. */
function useReturnedFocus(picked: string | null) {
  const before = useRef(picked);
  useEffect(() => {
    if (picked === null && before.current !== null) {
      document.querySelector<HTMLElement>(`[data-profile="${CSS.escape(before.current)}"]`)?.focus();
    }
    before.current = picked;
  }, [picked]);
}

/** The only profile stays selected when others appear. */
function useOnlyPicked(only: Profile | undefined, picked: string | null) {
  const name = only?.name;
  useEffect(() => {
    if (name !== undefined && picked === null) history.replaceState(null, '', linkTo(name));
  }, [name, picked]);
}
