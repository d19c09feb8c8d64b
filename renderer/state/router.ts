import { createStore, type StoreApi } from 'zustand/vanilla';
import { parseRoute, plainFleet, printRoute, type Route } from './routes.ts';

/** Where the window is; the address bar and this store always say the same. */
export interface Router {
  readonly store: StoreApi<{ readonly route: Route }>;
  /** Goes to a route; Back returns from it. */
  go(route: Route): void;
  /** Changes the address in place (a filter being typed), without a step for Back. */
  replace(route: Route): void;
  back(): void;
  /** While held, `mayGo` is asked before the window leaves its route, by link, key or Back; returns the way to let go. */
  hold(mayGo: (to: Route) => boolean): () => void;
  /** The fleet of a cluster as it was last looked at: filtered, sorted, grouped. */
  fleet(cluster: string): Route;
}

/** Makes the router of a window and follows its address for as long as the page lives. */
export function createRouter(page: Pick<Window, 'location' | 'history' | 'addEventListener'>): Router {
  const store = createStore<{ readonly route: Route }>(() => ({ route: parseRoute(page.location.hash) }));
  const fleets = new Map<string, Route>();
  const remember = (route: Route) => {
    if (route.view === 'fleet') fleets.set(route.cluster, route);
  };
  remember(store.getState().route);
  store.subscribe(({ route }) => remember(route));
  let mayGo: (to: Route) => boolean = () => true;
  const follow = () => {
    const route = parseRoute(page.location.hash);
    const here = printRoute(store.getState().route);
    if (printRoute(route) === here) return;
    if (mayGo(route)) store.setState({ route });
    else page.history.pushState(null, '', here);
  };
  page.addEventListener('hashchange', follow);
  page.addEventListener('popstate', follow);
  return {
    store,
    go(route) {
      if (!mayGo(route)) return;
      const address = printRoute(route);
      if (address !== printRoute(store.getState().route)) page.history.pushState(null, '', address);
      store.setState({ route });
    },
    replace(route) {
      page.history.replaceState(null, '', printRoute(route));
      store.setState({ route });
    },
    back() {
      page.history.back();
    },
    hold(ask) {
      mayGo = ask;
      return () => {
        if (mayGo === ask) mayGo = () => true;
      };
    },
    fleet: (cluster) => fleets.get(cluster) ?? { view: 'fleet', cluster, query: plainFleet },
  };
}
