import type { HostChange } from '#shared/contract/change.ts';
import type { RecordOf, SectionName } from '#shared/contract/records.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import { useTold } from '../../state/hooks.ts';
import type { Sign } from '../../words/states.ts';
import { hostSigns } from './change-signs.ts';

const heard: readonly SectionName<'host'>[] = ['link'];
const tellCutOff = ({ link }: RecordOf<'host'>) => link !== undefined && !isConnected(link);
const cutOff: Sign = { tone: 'away', shape: 'slash', word: 'cut off' };

/** How a host stands in a change; of one at work that cannot be reached now, that it is cut off. */
export function useHostSign(host: string, state: HostChange['state']): Sign {
  const isCutOff = useTold(host, heard, tellCutOff);
  const sign = hostSigns[state];
  return isCutOff && sign.tone === 'moving' ? cutOff : sign;
}
