import type { HostUpdate } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { assignments } from '../../../probes/os-identity.ts';
import { actUnit } from '../act-unit.ts';
import { agentState } from '../agent-unit.ts';
import type { ScriptSections } from '../../../probes/script-sections.ts';
import { blankUpdate } from '../blank-update.ts';
import { followProperties, unitsOnBus } from '../follow-units.ts';
import { withHolds } from '../holds.ts';
import { rootWord, runScript } from '../run-script.ts';
import type { UpdateAgent } from '../update-agent.ts';
import { orderBootc } from './acts.ts';
import { type BootcImages, readImages } from './images.ts';

const timer = 'bootc-fetch-apply-updates.timer';

/** bootc, on hosts that were installed as an image. */
export const bootc: UpdateAgent = {
  name: 'bootc',
  everyMs: 600_000,
  detects: ({ family }) => family === 'fedora' || family === 'rhel' || family === 'other',
  async read(access, facts, now) {
    const sections = await runScript(access, 'update-bootc', [rootWord(facts)]);
    if (sections.lines('absent').length > 0) return null;
    const state = agentState(sections, 'timer');
    const os = assignments(sections.lines('os-release'));
    const update: HostUpdate = {
      ...blankUpdate('bootc', now()),
      how: 'client',
      agentState: state,
      running: cleanLine(os.get('OSTREE_VERSION') ?? os.get('VERSION_ID') ?? facts.os.version, 100),
      strategy:
        state === 'running'
          ? { name: 'automatic', text: 'Fetches updates and reboots by itself.', source: timer }
          : { name: 'by-hand', text: 'Only a person updates it.', source: timer },
    };
    const images = readImages(sections.lines('bootc').join(''));
    if (images)
      return images.booted === null && images.reference === null
        ? null
        : withHolds(whileFetching(withImages(update, images), sections), sections);
    const problem = ['root', 'sudo'].includes(facts.elevation)
      ? { code: 'protocol' as const, message: 'bootc did not say which images it has', host: access.host }
      : { code: 'permission' as const, message: 'bootc tells its images only to root', host: access.host };
    return { ...update, agentState: 'unreadable', phaseText: 'The images could not be read.', problem };
  },
  follow: followProperties([...unitsOnBus('bootc-fetch-apply-updates.service', timer, actUnit)]),
  order: orderBootc,
};

/** What runs as ours is a download: all else that bootc is told ends at once. */
function whileFetching(update: HostUpdate, sections: ScriptSections): HostUpdate {
  const isFetching = ['run', 'ours'].some((of) => ['active', 'activating'].includes(sections.value(of, 'ActiveState')));
  if (!isFetching || update.phase === 'staged') return update;
  return { ...update, phase: 'downloading', phaseText: 'An image is being downloaded.' };
}

function withImages(update: HostUpdate, images: BootcImages): HostUpdate {
  const { staged, cached, booted } = images;
  const isNewer = cached !== null && cached !== booted;
  return {
    ...update,
    running: booted ?? update.running,
    channel: images.reference,
    channelSource: 'bootc status',
    phase: staged === null ? (isNewer ? 'available' : 'idle') : 'staged',
    phaseText:
      staged !== null
        ? `${staged} is staged and waits for a reboot.`
        : isNewer
          ? `${cached} is known and not fetched yet.`
          : 'No update is pending.',
    offered: staged ?? (isNewer ? cached : null),
    rebootNeeded: staged !== null,
    heldBy:
      staged !== null && update.strategy.name === 'by-hand'
        ? [{ by: 'person', text: update.strategy.text, reboot: true }]
        : [],
    slots: images.slots,
  };
}
