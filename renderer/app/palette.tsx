import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { forWhom, whatItIs } from '../parts/drift-words.ts';
import { useHostActions } from '../parts/host-actions.ts';
import { useConsole } from '../state/console.ts';
import { copyLink } from '../state/copy-link.ts';
import { usePreference, useRoute, useSection } from '../state/hooks.ts';
import type { Router } from '../state/router.ts';
import { deepLink, plainFleet } from '../state/routes.ts';
import { viewChoice } from '../state/saved-views.ts';
import { chosen } from '../state/selection.ts';
import { Keys } from '../ui/button.tsx';
import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';
import { healthSigns } from '../words/states.ts';
import { findHosts } from './find-hosts.ts';
import type { PaletteLine } from './palette-line.ts';
import { type PastedLink, readPasted } from './pasted-link.ts';
import { places, settingsPlace, updateServicePlace } from './places.ts';
import { useUnitLines } from './unit-lines.tsx';
import './palette.css';

/** One field that finds hosts, units, documents, views, actions and clusters. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { router } = useConsole();
  const [text, setText] = useState('');
  const { groups: lines, waiting } = useLines(text);
  const pasted = readPasted(text);
  const groups = pasted === null ? lines : linkLines(pasted, router);
  const needle = text.trim().toLowerCase();
  const shown = groups
    .map(({ title, lines, found }) => ({
      title,
      lines: found ? lines : lines.filter(({ label }) => label.toLowerCase().includes(needle)),
    }))
    .filter(({ lines }) => lines.length > 0);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="palette" aria-label="Find a host, a unit, an action">
          <Command label="Find a host, a unit, an action" shouldFilter={false} loop>
            <Command.Input
              autoFocus
              placeholder="Host, unit, document, view or action"
              value={text}
              onValueChange={setText}
            />
            <Command.List>
              <Command.Empty>
                {pasted && 'refusal' in pasted
                  ? pasted.refusal
                  : waiting
                    ? 'Looking through the units…'
                    : 'Nothing is called that.'}
              </Command.Empty>
              {shown.map(({ title, lines }) => (
                <Command.Group key={title} heading={title}>
                  {lines.map((line) => (
                    <Command.Item
                      key={line.id}
                      value={line.id}
                      onSelect={() => {
                        onClose();
                        line.run();
                      }}
                    >
                      {line.mark}
                      <span className="palette-label">{line.label}</span>
                      {line.about && <span className="palette-about cut">{line.about}</span>}
                      {line.keys && <Keys keys={line.keys} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface LineGroup {
  readonly title: string;
  readonly lines: PaletteLine[];
  /** Already the answer to what was typed. */
  readonly found: boolean;
}

/** What a pasted link leads to, in place of anything that is called like it. */
function linkLines(pasted: PastedLink, router: Router): LineGroup[] {
  if ('refusal' in pasted) return [];
  const { route, words } = pasted;
  const line: PaletteLine = { id: 'link', label: 'Open the link', about: words, run: () => router.go(route) };
  return [{ title: 'Link', lines: [line], found: true }];
}

function useLines(text: string): { groups: LineGroup[]; waiting: boolean } {
  const { replica, router } = useConsole();
  const hosts = useMemo(() => findHosts(replica.store.getState().records.host, text, 12), [replica, text]);
  const { cluster } = replica.store.getState();
  const hostLines = hosts.map(({ name, host, why }): PaletteLine => {
    const sign = healthSigns[host.health?.state ?? 'unknown'];
    return {
      id: `host ${name}`,
      label: name,
      about: why,
      mark: <SignMark tone={sign.tone} shape={sign.shape} />,
      run: () => {
        if (cluster !== null) router.go({ view: 'host', cluster, host: name, tab: 'overview', unit: null });
      },
    };
  });
  const actionLines = useActionLines();
  const documentLines = useDocumentLines();
  const units = useUnitLines(text);
  const groups = [
    ...(text.trim() === '' ? [] : [{ title: 'Hosts', lines: hostLines, found: true }]),
    { title: 'Units', lines: units.lines, found: true },
    { title: 'Views', lines: useViewLines(), found: false },
    ...(text.trim() === '' ? [] : [{ title: 'Documents', lines: documentLines, found: false }]),
    { title: 'Actions', lines: actionLines, found: false },
    { title: 'Clusters', lines: useClusterLines(), found: false },
  ];
  return { groups, waiting: units.waiting };
}

function useViewLines(): PaletteLine[] {
  const { replica, router } = useConsole();
  const views = useSection('app', '', 'views') ?? [];
  const [, setColumns] = usePreference('fleetColumns');
  const { cluster } = replica.store.getState();
  if (cluster === null) return [];
  const placeLines = [...places, updateServicePlace, settingsPlace].map(
    (place): PaletteLine => ({
      id: `view ${place.view}`,
      label: place.name,
      about: place.about,
      keys: place.keys,
      run: () => router.go(place.route(cluster)),
    }),
  );
  const serverLine: PaletteLine = {
    id: 'view update-server',
    label: 'Update server',
    about: 'Groups, channels and packages of the Nebraska that hosts ask for updates',
    run: () => router.go({ view: 'update-server', cluster, of: null }),
  };
  const savedLines = views.map(
    (view): PaletteLine => ({
      id: `saved ${view.name}`,
      label: view.name,
      about: view.filter || 'all hosts',
      run: () => {
        const { query, columns } = viewChoice(view);
        setColumns(columns);
        router.go({ view: 'fleet', cluster, query: { ...plainFleet, ...query } });
      },
    }),
  );
  return [...placeLines, serverLine, ...savedLines];
}

function useDocumentLines(): PaletteLine[] {
  const { replica, router } = useConsole();
  const { cluster, records } = replica.store.getState();
  if (cluster === null) return [];
  return [...records.document].map(([name, { about }]) => ({
    id: `document ${name}`,
    label: name,
    about: about ? `${whatItIs(about)}, for ${forWhom(about.targets)}` : '',
    run: () => router.go({ view: 'config', cluster, tab: 'documents', document: name }),
  }));
}

function useActionLines(): PaletteLine[] {
  const { dialogs, selection, replica, notices } = useConsole();
  const [, setTheme] = usePreference('theme');
  const route = useRoute();
  const actions = useHostActions();
  const listed = [...replica.store.getState().records.host.keys()];
  const hosts = route.view === 'host' ? [route.host] : chosen(selection.getState(), listed);
  const keys = useSection('cluster', '', 'keys') ?? [];
  const hostLines = actions(hosts).flatMap((line): PaletteLine[] =>
    line ? [{ id: `action ${line.label}`, label: line.label, run: line.run }] : [],
  );
  const theme = (value: 'dark' | 'light' | 'system', label: string): PaletteLine => ({
    id: `theme ${value}`,
    label,
    run: () => setTheme(value),
  });
  return [
    ...hostLines,
    ...(keys.length > 0
      ? [
          {
            id: 'action keys',
            label: `Look at ${count(keys.length, 'host key')}`,
            run: () => dialogs.setState({ open: { kind: 'host-keys' } }),
          },
        ]
      : []),
    {
      id: 'action link',
      label: 'Copy link to this view',
      about: 'Opens in the app, pasted here, or after npm start --',
      run: () => notices.watch('Copying', copyLink(deepLink(route))),
    },
    {
      id: 'action keyboard',
      label: 'Show the keys of this view',
      keys: '?',
      run: () => dialogs.setState({ open: { kind: 'keyboard' } }),
    },
    theme('dark', 'Use the dark theme'),
    theme('light', 'Use the light theme'),
    theme('system', 'Use the theme of the system'),
  ];
}

function useClusterLines(): PaletteLine[] {
  const { router } = useConsole();
  const clusters = useSection('app', '', 'clusters') ?? [];
  return [
    ...clusters.map(
      (entry): PaletteLine => ({
        id: `cluster ${entry.id}`,
        label: entry.name,
        about: count(entry.hosts, 'host'),
        run: () => router.go({ view: 'fleet', cluster: entry.id, query: plainFleet }),
      }),
    ),
    { id: 'cluster add', label: 'Add a cluster', run: () => router.go({ view: 'add', from: 'ssh-config' }) },
  ];
}
