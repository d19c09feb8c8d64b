import { useSection } from '../state/hooks.ts';
import { printRoute } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import './connection-banner.css';

/** Says what is wrong with the cluster's file, where and what to write; and whether its last good version is in force instead. */
export function FileBanner() {
  const about = useSection('cluster', '', 'about');
  const kept = about?.problems.find(({ code }) => code === 'stale');
  const causes = about?.problems.filter((problem) => problem !== kept) ?? [];
  const [cause] = causes;
  if (!about || (!kept && !cause)) return null;
  const more = causes.length - 1;
  return (
    <div className="banner banner-attention" role="alert" data-testid="file-banner">
      <SignMark tone="attention" shape="triangle" />
      <span>
        <strong>
          {kept ? 'The last good version of the cluster file is in force.' : 'Some of the cluster file is left out.'}
        </strong>{' '}
        {cause && (
          <>
            <span className="mono">
              {cause.place?.file ?? about.file}:{cause.place?.line ?? 1}
            </span>{' '}
            {cause.message}
            {cause.hint && `. ${cause.hint}`}
            {more > 0 ? `, and ${more} more.` : '.'}{' '}
          </>
        )}
      </span>
      <a href={printRoute({ view: 'settings', cluster: about.id, tab: 'file' })}>Mend the file</a>
    </div>
  );
}
