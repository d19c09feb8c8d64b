import { useSection } from '../state/hooks.ts';
import { printRoute } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import './connection-banner.css';

/** Says that the cluster's file cannot be used as it is now, where and what to write; its last good version is in force. */
export function FileBanner() {
  const about = useSection('cluster', '', 'about');
  const kept = about?.problems.find(({ code }) => code === 'stale');
  const cause = about?.problems.find((problem) => problem !== kept);
  if (!about || !kept) return null;
  return (
    <div className="banner banner-attention" role="alert" data-testid="file-banner">
      <SignMark tone="attention" shape="triangle" />
      <span>
        <strong>The last good version of the cluster file is in force.</strong>{' '}
        {cause && (
          <>
            <span className="mono">
              {cause.place?.file ?? about.file}:{cause.place?.line ?? 1}
            </span>{' '}
            {cause.message}
            {cause.hint && `. ${cause.hint}`}.{' '}
          </>
        )}
      </span>
      <a href={printRoute({ view: 'settings', cluster: about.id, tab: 'file' })}>Mend the file</a>
    </div>
  );
}
