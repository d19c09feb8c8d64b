import type { HostUpdate } from '#shared/contract/update.ts';
import { releaseName, type UpdateAct } from '#shared/contract/update-act.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { ScriptSections } from '../../probes/script-sections.ts';
import { hostScript } from './act-command.ts';
import type { ActCommand, ActRefusal, ActSight } from './update-agent.ts';

type Holds = NonNullable<HostUpdate['holds']>;

/** Reads `hold=RELEASE SECONDS WHO`, as the marks of resources/host/update-hold.sh are printed. */
export function readHolds(sections: ScriptSections): Holds {
  return sections.lines('holds').flatMap((line) => {
    const [, version = '', seconds = '', by = ''] = /^hold=(\S{1,128}) (\d{9,11}) (.{0,200})$/.exec(line) ?? [];
    if (!releaseName.safeParse(version).success) return [];
    return [{ version, by: cleanLine(by, 200), since: Number(seconds) * 1000 }];
  });
}

/** An update section with what is held on purpose, said before everything else. */
export function withHolds(update: HostUpdate, sections: ScriptSections): HostUpdate {
  const holds = readHolds(sections).slice(0, 100);
  const said = holds.map(({ version, by }) => ({
    by: 'person' as const,
    text: `${version} is held back by ${by}; its agent asks for nothing until that is lifted.`,
  }));
  return { ...update, holds, heldBy: [...said, ...update.heldBy] };
}

/** The command that holds a release back. */
export function holdCommand(agent: string, version: string, { actor }: ActSight): ActCommand {
  return hostScript('update-hold', 'hold', agent, version, cleanLine(actor, 100));
}

/** The command that lifts a hold, or that there is none. */
export function liftCommand(
  agent: string,
  { version }: Extract<UpdateAct, { kind: 'lift-hold' }>,
  { update, actor }: ActSight,
): ActCommand | ActRefusal {
  if (!update.holds?.some((hold) => hold.version === version)) return { why: `${version} is not held back` };
  return hostScript('update-hold', 'lift', agent, version, cleanLine(actor, 100));
}
