import { useStore } from 'zustand';
import { type Console, ConsoleContext } from '../state/console.ts';
import { useMedia } from '../ui/use-media.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { DialogPlace } from './dialog-place.tsx';
import { EverywhereKeys } from './everywhere-keys.tsx';
import { FileBanner } from './file-banner.tsx';
import { NoticeList } from './notice-list.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewPlace } from './view-place.tsx';
import './app.css';

/** The frame of the window around the one view that the address names. */
export function App({ console }: { readonly console: Console }) {
  const chosen = useStore(console.preferences, (state) => state.railCollapsed);
  const narrow = useMedia('(max-width: 1100px)');
  return (
    <ConsoleContext value={console}>
      <EverywhereKeys />
      <div className="frame" data-rail={chosen || narrow ? 'icons' : 'words'}>
        <Rail />
        <div className="frame-main">
          <TopBar />
          <ConnectionBanner />
          <FileBanner />
          <NoticeList />
          <main className="frame-view">
            <ViewPlace />
          </main>
        </div>
        <StatusBar />
      </div>
      <DialogPlace />
    </ConsoleContext>
  );
}
