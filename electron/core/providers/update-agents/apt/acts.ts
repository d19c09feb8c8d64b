import type { UpdateAct } from '#shared/contract/update-act.ts';
import { program } from '../act-command.ts';
import { forgetOffline, noSystem, timersOrder, whyNotInstall } from '../package-acts.ts';
import type { ActAnswer, ActSight } from '../update-agent.ts';

const name = /^[a-z0-9][a-z0-9+.:-]{0,127}$/;

/** What apt can be told. */
export function orderApt(act: UpdateAct, { update }: ActSight): ActAnswer {
  switch (act.kind) {
    case 'check':
      return {
        commands: [program('apt-get', '-q', '-o', 'DPkg::Lock::Timeout=60', 'update')],
        lasts: true,
        means: 'The lists of packages are downloaded; nothing is installed.',
      };
    case 'download': {
      const why = whyNotInstall(update);
      if (why) return why;
      return act.only === 'security' ? securityOnly(update) : upgrade;
    }
    case 'stop':
    case 'resume':
      return timersOrder(act.kind, ['apt-daily.timer', 'apt-daily-upgrade.timer'], update);
    case 'hold':
    case 'lift-hold': {
      if (!name.test(act.version)) return { why: `${act.version} is not the name of a package of Debian` };
      const isHeld = update.holds?.some(({ version }) => version === act.version) ?? false;
      if (isHeld === (act.kind === 'hold')) return { why: `${act.version} is ${isHeld ? '' : 'not '}held back` };
      return act.kind === 'hold'
        ? { commands: [program('apt-mark', 'hold', act.version)], means: `${act.version} stays at the version it has.` }
        : { commands: [program('apt-mark', 'unhold', act.version)], means: `${act.version} may be updated again.` };
    }
    case 'reset':
      return forgetOffline(update) ?? noSystem(act.kind, 'apt');
    case 'roll-back':
    case 'set-channel':
    case 'pin':
    case 'unpin':
      return noSystem(act.kind, 'apt');
    default:
      return act satisfies never;
  }
}

const upgrade: ActAnswer = {
  commands: [
    program(
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'NEEDRESTART_SUSPEND=1',
      'apt-get',
      '-q',
      '-y',
      '--with-new-pkgs',
      '-o',
      'DPkg::Lock::Timeout=120',
      '-o',
      'Dpkg::Options::=--force-confdef',
      '-o',
      'Dpkg::Options::=--force-confold',
      'upgrade',
    ),
  ],
  lasts: true,
  means:
    'All packages that wait are installed at once; no package is removed, and configuration that a person changed stays. Services are not restarted by this, a reboot is not made.',
};

function securityOnly({ facts }: ActSight['update']): ActAnswer {
  if (!facts.some((fact) => fact.name === 'unattended-upgrades'))
    return {
      why: 'unattended-upgrades is not there, which alone tells security updates apart',
      hint: 'Install it, or install all that waits.',
    };
  return {
    commands: [program('unattended-upgrade', '--verbose', '--no-minimal-upgrade-steps')],
    lasts: true,
    means:
      'What unattended-upgrades is set up to take is installed at once; as installed by Debian that is security alone.',
  };
}
