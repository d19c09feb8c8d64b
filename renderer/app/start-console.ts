import type { Port } from '#shared/wire/port.ts';
import { openElectronPort } from '../link/electron-port.ts';
import { createLink } from '../link/link.ts';
import { openWebSocketPort, portUrl } from '../link/web-socket-port.ts';
import { createClock } from '../state/clock.ts';
import type { Console } from '../state/console.ts';
import { createDialogs } from '../state/dialogs.ts';
import { keepPreferences } from '../state/keep-preferences.ts';
import { listenToKeys } from '../state/keyboard.ts';
import { reportLooking } from '../state/looking.ts';
import { createNotices } from '../state/notices.ts';
import { createPreferences } from '../state/preferences.ts';
import { createReplica } from '../state/replica.ts';
import { createRouter } from '../state/router.ts';
import { clusterOf, type Route } from '../state/routes.ts';
import { createSelection, nothingSelected } from '../state/selection.ts';
import { createTicker } from '../state/ticker.ts';
import { followTheme } from './theme.ts';

/** Makes everything that a window is made of, once, and opens its line to the core. */
export function startConsole(page: Window & typeof globalThis): Console {
  const clock = createClock(() => Date.now());
  const replica = createReplica();
  const router = createRouter(page);
  const selection = createSelection();
  const preferences = createPreferences(page.document);
  const notices = createNotices();
  const dialogs = createDialogs();
  const link = createLink(
    {
      openPort: portOpener(page),
      replica,
      clock,
      schedule: (flush) => onNextFrame(page, flush),
      random: Math.random,
      wait,
    },
    clusterOf(router.store.getState().route),
  );
  followTheme(page, preferences);
  const savePreferences = keepPreferences({ link, replica, preferences, notices, wait });
  // A dialog takes the focus only once it is drawn; keys pressed before that must not act on the view.
  listenToKeys(page.document, () => dialogs.getState().open !== null);
  reportLooking(link, page.document);
  router.store.subscribe(({ route }, before) => {
    const cluster = clusterOf(route);
    // A dialog belongs to the view it was opened over.
    if (placeOf(route) !== placeOf(before.route)) dialogs.setState({ open: null });
    if (cluster === clusterOf(before.route)) return;
    selection.setState(nothingSelected);
    // The start page and the import keep the cluster that is open: going there must not drop its connections.
    if (cluster !== null) link.open(cluster);
  });
  replica.store.subscribe((state, before) => {
    if (before.cluster === null || state.cluster !== null) return;
    // The cluster's file was deleted under the window: nothing of it can be acted on.
    dialogs.setState({ open: null });
    selection.setState(nothingSelected);
  });
  page.addEventListener('pagehide', () => {
    savePreferences();
    link.end();
  });
  return {
    link,
    replica,
    clock,
    router,
    selection,
    preferences,
    dialogs,
    notices,
    ticker: createTicker(clock, (tick) => {
      const timer = setInterval(tick, 1000);
      return () => clearInterval(timer);
    }),
  };
}

function wait(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** What of a route is another place, unlike a filter being typed in the same one. */
function placeOf(route: Route): string {
  return [route.view, clusterOf(route), route.view === 'host' ? route.host : ''].join(' ');
}

function portOpener(page: Window): () => Port {
  const exposed = page.quarterdeck?.port;
  return exposed ? () => openElectronPort(exposed) : () => openWebSocketPort(portUrl(page.location));
}

/** The next animation frame, or 100 ms where there is none because the window is hidden. */
function onNextFrame(page: Window & typeof globalThis, flush: () => void): () => void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    flush();
  };
  const frame = page.requestAnimationFrame(once);
  const timer = setTimeout(once, 100);
  return () => {
    done = true;
    page.cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
