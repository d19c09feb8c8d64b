import type { Lab } from './lab.ts';

/** When systemd says that a unit came into its present state, epoch ms; the lab's hosts share this machine's clock. */
export async function stateChangedAt(lab: Lab, host: string, unit: string): Promise<number> {
  const words = ['systemctl', 'show', '--timestamp=us+utc', '-P', 'StateChangeTimestamp', unit];
  const { stdout } = await lab.exec(host, words);
  const [, date, time, micros] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6})/.exec(stdout) ?? [];
  if (!date) throw new Error(`systemd's time cannot be read: ${stdout}`);
  return Date.parse(`${date}T${time}Z`) + Number(micros) / 1000;
}

/** Remembers in the page each moment at which these words came to be on it; read with `shownAt`. Runs in the page. */
export function watchWords(words: string): void {
  const shown: number[] = [];
  (globalThis as unknown as { quarterdeckShown: number[] }).quarterdeckShown = shown;
  let was = document.body.innerText.includes(words);
  new MutationObserver(() => {
    const is = document.body.innerText.includes(words);
    if (is && !was) shown.push(performance.timeOrigin + performance.now());
    was = is;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** When the words of `watchWords` came last, epoch ms. Runs in the page. */
export function shownAt(): number {
  return (globalThis as unknown as { quarterdeckShown: number[] }).quarterdeckShown.at(-1) ?? Number.NaN;
}
