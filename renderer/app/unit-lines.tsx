import { useQuery } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { count } from '../words/amounts.ts';
import { unitSign } from '../words/states.ts';
import type { PaletteLine } from './palette-line.ts';

const settleMs = 150;
const most = 6;
const shortest = 2;

/** The units of the fleet that a text finds, asked of the core; each leads to its one host, or to all that have it. */
export function useUnitLines(text: string): { readonly lines: PaletteLine[]; readonly waiting: boolean } {
  const { replica, router } = useConsole();
  const needle = useSettled(text.trim().slice(0, 200), settleMs);
  const { cluster } = replica.store.getState();
  const asks = cluster !== null && needle.length >= shortest;
  const { output, waiting } = useQuery('unit.find', asks ? { text: needle, most } : null);
  if (!asks || !output) return { lines: [], waiting: asks && waiting };
  const lines = output.units.map(({ name, hosts, active, failed, first }): PaletteLine => {
    const sign = unitSign(failed > 0 ? 'failed' : active > 0 ? 'active' : 'inactive');
    const tally = [
      failed > 0 ? `failed on ${failed}` : '',
      active > 0 ? `active on ${active}` : '',
      hosts > active + failed ? `inactive on ${hosts - active - failed}` : '',
    ].filter(Boolean);
    return {
      id: `unit ${name}`,
      label: name,
      about: hosts === 1 ? `${sign.word} on ${first}` : `${tally.join(', ')} of ${count(hosts, 'host')}`,
      mark: <SignMark tone={sign.tone} shape={sign.shape} />,
      run: () => {
        if (hosts === 1) router.go({ view: 'host', cluster, host: first, tab: 'units', unit: name });
        else router.go({ view: 'units', cluster, unit: name });
      },
    };
  });
  return { lines, waiting };
}
