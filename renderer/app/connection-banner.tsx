import { useStore } from 'zustand';
import { useConsole } from '../state/console.ts';
import { useNow } from '../state/hooks.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { Button } from '../ui/button.tsx';
import { ahead, span } from '../words/times.ts';
import './connection-banner.css';

/** Says in words that the window has lost the core, since when, and what happens next; nothing while all is well. */
export function ConnectionBanner() {
  const { link } = useConsole();
  const status = useStore(link.status);
  const now = useNow();
  if (status.state === 'open') return null;
  if (status.state === 'mismatch') {
    return (
      <div className="banner banner-bad" role="alert">
        <SignMark tone="bad" shape="cross" />
        <span>
          The console was updated and speaks another language than this window (protocol {status.core}). Reload to get
          the window that belongs to it.
        </span>
        <Button onClick={() => window.location.reload()}>Reload the window</Button>
      </div>
    );
  }
  if (status.state === 'connecting' && status.since === null) return null;
  const since = status.since ?? now;
  const next =
    status.state === 'lost' ? `Next attempt ${ahead(status.retryAt, now)}.` : `Trying now (attempt ${status.attempt}).`;
  return (
    <div className="banner banner-attention" role="status">
      <SignMark tone="away" shape="slash" />
      <span>
        <strong>No connection to the console for {span(now - since)}.</strong>{' '}
        {status.state === 'lost' && `${sentence(status.reason)} `}
        What you see is what was last known. {next}
      </span>
      <Button onClick={() => link.retry()} disabled={status.state !== 'lost'}>
        Try now
      </Button>
    </div>
  );
}

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
