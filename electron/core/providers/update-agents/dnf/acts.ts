import type { UpdateAct } from '#shared/contract/update-act.ts';
import { program } from '../act-command.ts';
import { forgetOffline, noSystem, timersOrder, whyNotInstall } from '../package-acts.ts';
import type { ActAnswer, ActSight } from '../update-agent.ts';

const name = /^[A-Za-z0-9][\w.+-]{0,127}$/;

/** What dnf can be told. */
export function orderDnf(act: UpdateAct, { update }: ActSight): ActAnswer {
  switch (act.kind) {
    case 'check':
      return {
        commands: [program('dnf', '-q', '--refresh', 'check-update')],
        lasts: true,
        answers: { 100: 'packages wait' },
        means: 'The lists of packages are downloaded; nothing is installed.',
      };
    case 'download': {
      const why = whyNotInstall(update);
      if (why) return why;
      const isSecurity = act.only === 'security';
      return {
        commands: [program('dnf', '-y', ...(isSecurity ? ['upgrade', '--security'] : ['upgrade']))],
        lasts: true,
        means: `${isSecurity ? 'Security updates' : 'All packages that wait'} are installed at once; a reboot is not made.`,
      };
    }
    case 'stop':
    case 'resume': {
      const timer = update.facts.find((fact) => fact.name === 'Timer')?.value ?? 'dnf-automatic.timer';
      return timersOrder(act.kind, [timer], update);
    }
    case 'hold':
    case 'lift-hold': {
      if (!name.test(act.version)) return { why: `${act.version} is not the name of a package` };
      if (update.holds === undefined)
        return {
          why: 'dnf here has no versionlock, by which packages are held',
          hint: 'Install python3-dnf-plugin-versionlock.',
        };
      const isHeld = update.holds.some(({ version }) => version === act.version);
      if (isHeld === (act.kind === 'hold')) return { why: `${act.version} is ${isHeld ? '' : 'not '}held back` };
      return act.kind === 'hold'
        ? {
            commands: [program('dnf', '-q', 'versionlock', 'add', act.version)],
            means: `${act.version} stays at the version it has.`,
          }
        : {
            commands: [program('dnf', '-q', 'versionlock', 'delete', act.version)],
            means: `${act.version} may be updated again.`,
          };
    }
    case 'reset':
      return forgetOffline(update) ?? noSystem(act.kind, 'dnf');
    case 'roll-back':
    case 'set-channel':
    case 'pin':
    case 'unpin':
      return noSystem(act.kind, 'dnf');
    default:
      return act satisfies never;
  }
}
