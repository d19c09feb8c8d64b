import { Popover } from '@base-ui/react/popover';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { For } from '../parts/since.tsx';
import { useSection } from '../state/hooks.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';
import { presenceRemarks, presenceWords } from '../words/presence.ts';
import './present-consoles.css';

/** Who has this cluster open, and the list of them on a click; `windows` are those of this console. */
export function PresentConsoles({ windows }: { readonly windows: number }) {
  const presence = useSection('cluster', '', 'presence');
  if (!presence) return null;
  const words = presenceWords(presence, windows);
  const remarks = presenceRemarks(presence);
  const consoles = [presence.self, ...presence.others];
  return (
    <Popover.Root>
      <Popover.Trigger
        className="present-button"
        title={[...presence.others.map(({ person }) => person), ...remarks].join('\n') || undefined}
      >
        {remarks.length > 0 && presence.kind === 'etcd' && <SignMark tone="attention" shape="triangle" size={10} />}
        <span className="cut">{words}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} side="top" align="end" className="menu-positioner">
          <Popover.Popup className="present" aria-label="Who has this cluster open">
            <h2>Who has this cluster open</h2>
            <ul>
              {consoles.map((one) => (
                <li key={one.id}>
                  <span className="cut">
                    {cleanLine(one.person)}
                    {one.id === presence.self.id && (
                      <span className="faint"> · this console, {count(windows, 'window')}</span>
                    )}
                    {!one.person.endsWith(`@${one.console}`) && <span className="faint"> on {one.console}</span>}
                  </span>
                  <span className="faint">
                    here for <For since={one.since} />
                  </span>
                </li>
              ))}
            </ul>
            {remarks.map((remark) => (
              <p key={remark}>{remark}</p>
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
