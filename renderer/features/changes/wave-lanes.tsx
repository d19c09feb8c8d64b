import type { HostChange } from '#shared/contract/change.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { hostSigns } from './change-signs.ts';

type Host = Omit<HostChange, 'evidence'>;

/** The waves as lanes, with the hosts in them as they stand. */
export function WaveLanes({
  hosts,
  wave,
  picked,
  onPick,
}: {
  readonly hosts: readonly Host[];
  readonly wave: number;
  readonly picked: string | null;
  readonly onPick: (host: string) => void;
}) {
  const lanes: Host[][] = [];
  for (const host of hosts) (lanes[host.wave] ??= []).push(host);
  return (
    <ol className="lanes">
      {lanes.map((lane, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a wave has no other name than its place
        <li key={index} className="lane" aria-current={index === wave ? 'step' : undefined}>
          <h2>
            {index === 0 && lanes.length > 1 && lane.length === 1 ? 'Canary' : `Wave ${index + 1}`}
            <span className="faint"> {laneWords(lane)}</span>
          </h2>
          <ul>
            {lane.map((host) => (
              <li key={host.host}>
                <button
                  type="button"
                  className="lane-host"
                  aria-pressed={host.host === picked}
                  title={`${host.host}: ${hostSigns[host.state].word}${host.text ? ` — ${host.text}` : ''}`}
                  onClick={() => onPick(host.host)}
                >
                  <SignMark tone={hostSigns[host.state].tone} shape={hostSigns[host.state].shape} />
                  <span className="cut">{host.host}</span>
                  <span className="lane-word cut">{hostSigns[host.state].word}</span>
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function laneWords(lane: readonly Host[]): string {
  const done = lane.filter(({ state }) => state === 'done' || state === 'unchanged').length;
  return done === lane.length ? `${count(done, 'host')} done` : `${done} of ${lane.length} done`;
}
