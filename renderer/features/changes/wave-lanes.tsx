import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef } from 'react';
import type { HostChange } from '#shared/contract/change.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { useHostSign } from './use-host-sign.ts';

type Host = Omit<HostChange, 'evidence'>;

const rowHeight = 28;
/** Of a lane; more than these are drawn only where they are scrolled to. */
const drawnAtFirst = { width: 300, height: 900 };

/** The waves as lanes, with the hosts in them as they stand. */
export function WaveLanes({
  hosts,
  wave,
  picked,
  onPick,
}: {
  readonly hosts: readonly Host[];
  /** Null where none is under way. */
  readonly wave: number | null;
  readonly picked: string | null;
  readonly onPick: (host: string) => void;
}) {
  const lanes = useMemo(() => {
    const found: Host[][] = [];
    for (const host of hosts) (found[host.wave] ??= []).push(host);
    return found;
  }, [hosts]);
  return (
    <ol className="lanes">
      {lanes.map((lane, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a wave has no other name than its place
        <li key={index} className="lane" aria-current={index === wave ? 'step' : undefined}>
          <h2>
            {index === 0 && lanes.length > 1 && lane.length === 1 ? 'Canary' : `Wave ${index + 1}`}
            <span className="faint"> {laneWords(lane)}</span>
          </h2>
          <Lane lane={lane} picked={picked} onPick={onPick} />
        </li>
      ))}
    </ol>
  );
}

/** The hosts of a wave, of which only those in sight exist: arrows lead to all of them. */
function Lane({
  lane,
  picked,
  onPick,
}: {
  readonly lane: readonly Host[];
  readonly picked: string | null;
  readonly onPick: (host: string) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing it returns is handed on
  const virtual = useVirtualizer({
    count: lane.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialRect: drawnAtFirst,
    overscan: 8,
    paddingStart: 4,
    paddingEnd: 4,
  });
  const step = (event: React.KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -lane.length, End: lane.length }[
      event.key
    ];
    const from = lane.findIndex(({ host }) => host === (document.activeElement as HTMLElement | null)?.dataset['host']);
    if (by === undefined || from === -1) return;
    event.preventDefault();
    const to = Math.min(Math.max(from + by, 0), lane.length - 1);
    virtual.scrollToIndex(to, { align: 'auto' });
    const focus = () =>
      scroller.current?.querySelector<HTMLElement>(`[data-host="${CSS.escape(lane[to]?.host ?? '')}"]`)?.focus();
    // It is drawn once it has been scrolled to.
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  return (
    <div className="lane-hosts" ref={scroller} onKeyDown={step}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const host = lane[index];
          return (
            host && (
              <LaneHost
                key={host.host}
                host={host.host}
                state={host.state}
                text={host.text}
                top={start}
                place={index + 1}
                of={lane.length}
                isPicked={host.host === picked}
                onPick={onPick}
              />
            )
          );
        })}
      </ul>
    </div>
  );
}

/** Of single values: a host that stands as before is not drawn again. */
const LaneHost = memo(function LaneHost({
  host,
  state,
  text,
  top,
  place,
  of,
  isPicked,
  onPick,
}: Pick<Host, 'host' | 'state' | 'text'> & {
  readonly top: number;
  readonly place: number;
  readonly of: number;
  readonly isPicked: boolean;
  readonly onPick: (host: string) => void;
}) {
  const { tone, shape, word } = useHostSign(host, state);
  return (
    <li style={{ transform: `translateY(${top}px)` }} aria-posinset={place} aria-setsize={of}>
      <button
        type="button"
        className="lane-host"
        data-host={host}
        aria-pressed={isPicked}
        title={`${host}: ${word}${text ? ` — ${text}` : ''}`}
        onClick={() => onPick(host)}
      >
        <SignMark tone={tone} shape={shape} />
        <span className="cut">{host}</span>
        <span className="lane-word cut">{word}</span>
      </button>
    </li>
  );
});

function laneWords(lane: readonly Host[]): string {
  const done = lane.filter(({ state }) => state === 'done' || state === 'unchanged').length;
  return done === lane.length ? `${count(done, 'host')} done` : `${done} of ${lane.length} done`;
}
