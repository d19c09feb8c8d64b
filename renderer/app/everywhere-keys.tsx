import { useStore } from 'zustand';
import { useConsole } from '../state/console.ts';
import { useKeys } from '../state/keyboard.ts';
import { places, settingsPlace, updateServicePlace } from './places.ts';

/** The keys that work in every view. */
export function EverywhereKeys() {
  const { router, dialogs, replica } = useConsole();
  const cluster = useStore(replica.store, (state) => state.cluster);
  const palette = () => dialogs.setState({ open: { kind: 'palette' } });
  useKeys('Everywhere', 'everywhere', [
    { keys: 'Mod+k', label: 'Find a host, a unit, an action', run: palette, typing: true },
    { keys: '?', label: 'Show these keys', run: () => dialogs.setState({ open: { kind: 'keyboard' } }) },
    { keys: 'g l', label: 'Go to all clusters', run: () => router.go({ view: 'start' }) },
    ...(cluster === null
      ? []
      : [...places, updateServicePlace, settingsPlace].map((place) => ({
          keys: place.keys,
          label: `Go to ${place.name}`,
          run: () => router.go(place.view === 'fleet' ? router.fleet(cluster) : place.route(cluster)),
        }))),
  ]);
  return null;
}
