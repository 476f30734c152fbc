import { useEffect, useRef } from 'react';
import type { Profile } from '../model/profile.ts';
import { announcementOf, sentenceOf } from '../model/sentence.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';
import { useNow } from './now.ts';
import { linkTo, usePicked } from './picked.ts';
import { useLive } from './session.ts';

/** The list of profiles and the one that is looked at; where there is room for one of them only, style.css decides. */
export function Fleet() {
  const { profiles, link } = useLive();
  const picked = usePicked();
  const list = [...(profiles?.values() ?? [])];
  const profile = (picked === null ? undefined : profiles?.get(picked)) ?? list[0];
  const isPicked = picked !== null || list.length < 2;
  useReturnedFocus(picked);
  useOnlyPicked(list.length === 1 ? list[0] : undefined, picked);

  if (profile === undefined) {
    return (
      <main className="empty">{profiles === null ? <Waiting state={link.state} /> : <p>There is no profile.</p>}</main>
    );
  }
  return (
    <main className="fleet" data-picked={isPicked} data-many={list.length > 1}>
      {list.length > 1 && <List profiles={list} shown={profile.name} />}
      <section id="detail" tabIndex={-1} aria-labelledby="detail-heading">
        {picked !== null && picked !== profile.name && (
          <p className="notice tone-warn">There is no profile {picked} any more.</p>
        )}
        <Detail key={profile.name} profile={profile} isAlone={list.length < 2} isPicked={picked !== null} />
      </section>
      <p className="unseen" role="status">
        {announcementOf(profile)}
      </p>
      <Title name={profile.name} />
    </main>
  );
}

function Waiting({ state }: { readonly state: string }) {
  return state === 'connecting' ? <p className="muted">Asking for the profiles …</p> : null;
}

/** What a tab in the background tells at a glance. */
function Title({ name }: { readonly name: string }) {
  const live = useLive();
  const now = useNow();
  const profile = live.profiles?.get(name);
  const sentence = profile ? sentenceOf(profile, now).text : 'Hermes';
  useEffect(() => {
    const what = live.link.state === 'lost' ? 'Connection lost' : sentence;
    document.title = `${what} · ${name} · Hermes`;
  });
  return null;
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

/** The only profile stays in view when others come. */
function useOnlyPicked(only: Profile | undefined, picked: string | null) {
  const name = only?.name;
  useEffect(() => {
    if (name !== undefined && picked === null) history.replaceState(null, '', linkTo(name));
  }, [name, picked]);
}
