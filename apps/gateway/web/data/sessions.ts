import { type ListedSession, parseSessions, removed, used } from '../model/session-list.ts';
import { Store } from './store.ts';

const LIST_KEY = 'hermes-gateway-sessions';

/** The sessions that were opened in this browser, in all its tabs. */
export class Sessions {
  readonly list = new Store<readonly ListedSession[]>(read());

  constructor() {
    window.addEventListener('storage', ({ key }) => {
      if (key === LIST_KEY) this.list.set(read());
    });
  }

  use(id: string, text: string): void {
    this.#write(used(read(), id, text, Date.now()));
  }

  remove(id: string): void {
    this.#write(removed(read(), id));
  }

  #write(list: ListedSession[]): void {
    this.list.set(list);
    try {
      localStorage.setItem(LIST_KEY, JSON.stringify(list));
    } catch {
      // A browser that keeps nothing: the list lasts as long as the page.
    }
  }
}

function read(): ListedSession[] {
  return parseSessions(localStorage.getItem(LIST_KEY));
}
