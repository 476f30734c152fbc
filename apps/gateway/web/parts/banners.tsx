import type { Conversation } from '../data/conversation.ts';
import { useStore } from '../data/use-store.ts';
import { bannerOf } from '../model/banner.ts';
import type { GatewayStatus } from '../model/wire.ts';
import { timeOfDay } from './time-of-day.ts';

export interface BannersProps {
  readonly conversation: Conversation;
  readonly status: GatewayStatus | undefined;
}

/** What a person must know before they write. */
export function Banners({ conversation, status }: BannersProps) {
  const link = useStore(conversation.link);
  const complaint = useStore(conversation.complaint);
  const banner = status === undefined ? null : bannerOf(status, timeOfDay);
  const isGone = status === undefined || link === 'lost';
  return (
    <div className="banners">
      <div role="status">
        {isGone && <p className="notice tone-warn">The connection to the gateway is lost. Trying again…</p>}
        {banner && <p className={`notice tone-${banner.tone}`}>{banner.text}</p>}
      </div>
      <div role="alert">
        {complaint && (
          <p className="notice tone-bad">
            <span>{complaint}</span>
            <button type="button" className="quiet" onClick={() => conversation.complaint.set(null)}>
              Dismiss
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
