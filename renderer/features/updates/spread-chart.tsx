import { useRef, useState } from 'react';
import { useWidth } from '../../ui/use-width.ts';
import { count } from '../../words/amounts.ts';
import { dateTime } from '../../words/times.ts';
import { placeAt, type SpreadLayers } from './spread-layers.ts';

const height = 190;
const top = 8;
const bottom = 20;
const left = 34;
/** Tokens of tokens.css; the next layer begins again, told by its letter. */
const colours = 8;
const dayMs = 86_400_000;
/** A band thinner than this holds no word. */
const wordHeight = 15;

/** Which versions ran over time, as stacked areas; arrow keys or the pointer read the values of a moment. */
export function SpreadChart({
  spread,
  from,
  to,
}: {
  readonly spread: SpreadLayers;
  readonly from: number;
  readonly to: number;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const width = Math.max(280, useWidth(frame));
  const [cursor, setCursor] = useState<number | null>(null);
  const { times, layers, most } = spread;
  const peak = Math.max(1, most);
  const xOf = (at: number) => left + ((at - from) / (to - from)) * (width - left - 6);
  const yOf = (hosts: number) => top + (1 - hosts / peak) * (height - top - bottom);
  const moment = cursor ?? to;
  const place = placeAt(times, moment);
  const valueOf = (at: number) => layers[at]?.hosts[place] ?? 0;
  const told =
    place < 0
      ? `${dateTime(moment)}: nothing was counted yet`
      : `${dateTime(moment)}: ${layers
          .map(({ version }, at) => `${version} on ${count(valueOf(at), 'host')}`)
          .filter((_, at) => valueOf(at) > 0)
          .join(', ')}`;
  const step = (to - from) / 60;
  const move = (by: number) => setCursor(Math.max(from, Math.min(to, moment + by)));
  const onKey = (event: React.KeyboardEvent) => {
    const by = { ArrowLeft: -step, ArrowRight: step, PageUp: step * 6, PageDown: -step * 6 }[event.key];
    if (by !== undefined) move(by);
    else if (event.key === 'Home') setCursor(from);
    else if (event.key === 'End') setCursor(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure className="spread">
      <figcaption className="spread-legend">
        <span className="faint">{cursor === null ? 'Now' : dateTime(moment)}</span>
        {layers.map(({ version }, at) => (
          <span key={version} className={valueOf(at) === 0 ? 'faint' : undefined}>
            <i style={{ background: colourOf(at) }}>{letterOf(at)}</i>
            {version} <b>{valueOf(at)}</b>
          </span>
        ))}
      </figcaption>
      <div
        ref={frame}
        className="spread-frame"
        role="slider"
        tabIndex={0}
        aria-label="Moment of the version spread"
        aria-valuemin={from}
        aria-valuemax={to}
        aria-valuenow={moment}
        aria-valuetext={told}
        onKeyDown={onKey}
        onBlur={() => setCursor(null)}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
          setCursor(Math.max(from, Math.min(to, from + ((x - left) / (width - left - 6)) * (to - from))));
        }}
        onPointerLeave={() => setCursor(null)}
      >
        <svg width={width} height={height} aria-hidden="true">
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <line className="spread-line" x1={left} x2={width - 6} y1={yOf(peak * part)} y2={yOf(peak * part)} />
              <text className="spread-tick" x={left - 6} y={yOf(peak * part) + 4} textAnchor="end">
                {Math.round(peak * part)}
              </text>
            </g>
          ))}
          {layers.map(({ version }, at) => (
            <path
              key={version}
              d={areaOf(spread, at, to, xOf, yOf)}
              style={{ fill: colourOf(at), stroke: colourOf(at) }}
            />
          ))}
          {layers.map(({ version }, at) => {
            const word = wordPlace(spread, at, to, xOf, yOf);
            return (
              word && (
                <text key={version} className="spread-word" x={word.x} y={word.y} textAnchor="middle">
                  {word.wide ? `${letterOf(at)} ${version}` : letterOf(at)}
                </text>
              )
            );
          })}
          {dayTicks(from, to).map(({ at, word, end }) => (
            <text key={at} className="spread-tick" x={xOf(at)} y={height - 5} textAnchor={end ? 'end' : 'middle'}>
              {word}
            </text>
          ))}
          {cursor !== null && (
            <line className="spread-cursor" x1={xOf(moment)} x2={xOf(moment)} y1={top} y2={height - bottom} />
          )}
        </svg>
      </div>
    </figure>
  );
}

function colourOf(layer: number): string {
  return `var(--series-${(layer % colours) + 1})`;
}

/** A letter beside each colour, so that nobody needs to tell colours apart. */
export function letterOf(layer: number): string {
  return String.fromCodePoint(65 + layer);
}

type Scale = (value: number) => number;

function edges({ times, layers }: SpreadLayers, layer: number, place: number): [number, number] {
  const below = layers.slice(0, layer).reduce((sum, { hosts }) => sum + (hosts[place] ?? 0), 0);
  return times.length === 0 ? [0, 0] : [below, below + (layers[layer]?.hosts[place] ?? 0)];
}

/** Counts hold until the next: steps, not slopes. */
function areaOf(spread: SpreadLayers, layer: number, to: number, xOf: Scale, yOf: Scale): string {
  const upper: string[] = [];
  const lower: string[] = [];
  for (const [place, at] of spread.times.entries()) {
    const [x, end] = [xOf(at).toFixed(1), xOf(spread.times[place + 1] ?? to).toFixed(1)];
    const [below, above] = edges(spread, layer, place).map((hosts) => yOf(hosts).toFixed(1));
    upper.push(`${x} ${above}`, `${end} ${above}`);
    lower.unshift(`${end} ${below}`, `${x} ${below}`);
  }
  return upper.length === 0 ? '' : `M${[...upper, ...lower].join('L')}Z`;
}

/** Where a layer has room for its name: in the longest time that it is thick enough. */
function wordPlace(spread: SpreadLayers, layer: number, to: number, xOf: Scale, yOf: Scale) {
  let best: { x: number; y: number; room: number } | null = null;
  for (const [place, at] of spread.times.entries()) {
    const [below, above] = edges(spread, layer, place);
    if (yOf(below) - yOf(above) < wordHeight) continue;
    let last = place;
    let [low, high] = [yOf(below), yOf(above)];
    while (last + 1 < spread.times.length) {
      const [nextBelow, nextAbove] = edges(spread, layer, last + 1);
      const [nextLow, nextHigh] = [Math.min(low, yOf(nextBelow)), Math.max(high, yOf(nextAbove))];
      if (nextLow - nextHigh < wordHeight) break;
      [low, high] = [nextLow, nextHigh];
      last++;
    }
    const [x0, x1] = [xOf(at), xOf(spread.times[last + 1] ?? to)];
    if (!best || x1 - x0 > best.room) best = { x: (x0 + x1) / 2, y: (low + high) / 2 + 4, room: x1 - x0 };
  }
  if (!best || best.room < 18) return null;
  return { ...best, wide: best.room > 26 + (spread.layers[layer]?.version.length ?? 0) * 7 };
}

function dayTicks(from: number, to: number): { at: number; word: string; end: boolean }[] {
  const days = Math.round((to - from) / dayMs);
  const every = days <= 8 ? 1 : days <= 31 ? 5 : 15;
  const ticks = [];
  for (let back = 0; back <= days; back += every)
    ticks.push({ at: to - back * dayMs, word: back === 0 ? 'now' : `${back} d ago`, end: back === 0 });
  return ticks;
}
