import { ChevronRight, CircleHelp, Link2, Search } from 'lucide-react';
import { longestLink, tooLongForLink } from '#shared/lib/deep-link.ts';
import { useConsole } from '../state/console.ts';
import { useRoute, useSection } from '../state/hooks.ts';
import { clusterOf, deepLink, printRoute, type Route } from '../state/routes.ts';
import { IconButton, Keys } from '../ui/button.tsx';
import { useCopied } from '../ui/use-copied.ts';
import { AlertChips } from './alert-chips.tsx';
import { NeedChips } from './need-chips.tsx';
import { places, settingsPlace, updateServicePlace } from './places.ts';
import './top-bar.css';

const isMac = navigator.platform.startsWith('Mac');

/** The top bar: where you are, the field that finds everything, what runs and what waits for you. */
export function TopBar() {
  const route = useRoute();
  const { dialogs } = useConsole();
  const { copied, refused, copy } = useCopied();
  const link = deepLink(route);
  const linkName =
    link.length > longestLink
      ? tooLongForLink(link.length)
      : copied
        ? 'Copied: paste it in Ctrl-K of any console'
        : refused
          ? 'The system did not allow copying'
          : 'Copy link to this view';
  return (
    <header className="top-bar">
      <Breadcrumb route={route} />
      <button type="button" className="finder" onClick={() => dialogs.setState({ open: { kind: 'palette' } })}>
        <Search size={14} aria-hidden="true" />
        <span className="cut">Find a host, a unit, an action</span>
        <Keys keys={isMac ? '⌘ K' : 'Ctrl K'} />
      </button>
      <div className="top-chips">
        <AlertChips />
        <NeedChips />
      </div>
      <IconButton name={linkName} disabled={link.length > longestLink} onClick={() => copy(link)}>
        <Link2 size={16} />
      </IconButton>
      <IconButton
        name="Show the keys of this view (?)"
        onClick={() => dialogs.setState({ open: { kind: 'keyboard' } })}
      >
        <CircleHelp size={16} />
      </IconButton>
      <span className="unseen" role="status">
        {copied ? 'Link copied: paste it in Ctrl-K of any console' : refused ? linkName : ''}
      </span>
    </header>
  );
}

function Breadcrumb({ route }: { readonly route: Route }) {
  const { router } = useConsole();
  const about = useSection('cluster', '', 'about');
  const cluster = clusterOf(route);
  const parts: { label: string; href: string | null }[] = [];
  if (cluster === null) parts.push({ label: route.view === 'add' ? 'Add a cluster' : 'Clusters', href: null });
  else {
    parts.push({ label: about?.name ?? cluster, href: null });
    if (route.view === 'host') {
      parts.push({ label: 'Fleet', href: printRoute(router.fleet(cluster)) }, { label: route.host, href: null });
    } else if (route.view === 'update-server') {
      parts.push({ label: 'Update server', href: null });
    } else {
      const place = [...places, updateServicePlace, settingsPlace].find(({ view }) => view === route.view);
      parts.push({ label: place?.name ?? '', href: null });
    }
  }
  return (
    <nav className="crumbs" aria-label="Where you are">
      <ol>
        {parts.map(({ label, href }, index) => (
          <li key={label}>
            {index > 0 && <ChevronRight size={13} aria-hidden="true" />}
            {href ? (
              <a href={href}>{label}</a>
            ) : (
              <span aria-current={index === parts.length - 1 ? 'page' : undefined}>{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
