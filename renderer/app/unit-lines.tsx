import { useQuery } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { plainFleet } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { count } from '../words/amounts.ts';
import { unitSign } from '../words/states.ts';
import type { PaletteLine } from './palette-line.ts';

const settleMs = 150;
const most = 6;
const shortest = 2;

/** The units of the fleet that a text finds, asked of the core; each leads to where it needs a person, or to all its hosts. */
export function useUnitLines(text: string): { readonly lines: PaletteLine[]; readonly waiting: boolean } {
  const { replica, router, link, selection, notices } = useConsole();
  const needle = useSettled(text.trim().slice(0, 200), settleMs);
  const { cluster } = replica.store.getState();
  const asks = cluster !== null && needle.length >= shortest;
  const { output, waiting } = useQuery('units.find', asks ? { text: needle, most } : null);
  if (!asks || !output) return { lines: [], waiting: asks && waiting };
  const lines = output.units.map(({ name, hosts, active, failed, first }): PaletteLine => {
    const sign = unitSign(failed > 0 ? 'failed' : active > 0 ? 'active' : 'inactive');
    const fleet = (filter: string) => router.go({ view: 'fleet', cluster, query: { ...plainFleet, filter } });
    const select = async () => {
      const found = await link.call('units.hosts', { unit: name });
      selection.setState({ hosts: new Set(found.hosts), anchor: null });
      fleet('');
    };
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
        else if (failed > 0) fleet(`unit:${name}=failed`);
        else notices.watch(`Selecting the hosts of ${name}`, select());
      },
    };
  });
  return { lines, waiting };
}
