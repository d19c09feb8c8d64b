import type { HostFacts } from '#shared/contract/host.ts';
import { parseUpdateConf, type UpdateConf } from '#shared/formats/update-conf/parse.ts';
import type { ScriptSections } from '../../../probes/script-sections.ts';

/** The files of one family, the one that decides first. */
function places(home: 'flatcar' | 'coreos'): readonly (readonly [section: string, path: string])[] {
  return [
    [`etc-${home}`, `/etc/${home}/update.conf`],
    [`usr-${home}`, `/usr/share/${home}/update.conf`],
    [`release-${home}`, `/usr/share/${home}/release`],
  ];
}

/** What update_engine looks its settings up in, as the script printed it. */
export function confFiles(sections: ScriptSections, family: HostFacts['family']): UpdateConf[] {
  return places(family === 'container-linux' ? 'coreos' : 'flatcar')
    .map(([section, path]) => parseUpdateConf(path, sections.lines(section).join('\n')))
    .filter(({ values }) => values.size > 0);
}

/** The files of this family that are there but not for the login user. */
export function closedConf(sections: ScriptSections): string[] {
  return sections.lines('closed').filter((path) => path.startsWith('/'));
}

/** locksmithd's own word on what it will do; null where it never ran. */
export function coordinatorConf(sections: ScriptSections): UpdateConf | null {
  const conf = parseUpdateConf('/run/update-engine/coordinator.conf', sections.lines('coordinator').join('\n'));
  return conf.values.size > 0 ? conf : null;
}
