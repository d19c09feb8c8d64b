import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FileState, PlannedStep } from '#shared/contract/change.ts';
import { hostBase, programData } from '#core/changes/host-program.ts';
import { loadChangeScripts } from '#core/probes/host-scripts.ts';
import { type HostReach, type HostStanding, onHost } from '#core/changes/host-transaction.ts';
import { type Lab, startLab } from './lab.ts';
import { watchHosts, type WatchedHosts } from './watched-hosts.ts';

const scripts = loadChangeScripts();
let changes = 0;

export interface MadeChange {
  readonly id: string;
  readonly program: string;
}

/** Prints what a change may have left behind on a host; its journal, lock, fences and empty folder aside. */
export const litterScript = `find /etc -newer /proc/1 -name '*quarterdeck*'
  [ ! -d /var/lib/quarterdeck ] || find /var/lib/quarterdeck -mindepth 1 ! -name journal ! -name lock ! -name changes ! -path '*/fences*'
  systemctl list-units --all --plain --no-legend 'quarterdeck-*'
  systemctl list-timers --all --no-legend 'quarterdeck*'`;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** A file as the changes of this bench see it; mode 640 of root and adm when left out. */
export const fileOf = (text: string, mode = '640', uid = 0, gid = 4): FileState => ({
  kind: 'file',
  hash: hashOf(text),
  mode,
  uid,
  gid,
});
/** The file that all of them change. */
export const path = '/etc/qd-test/one.conf';
export const words = ({ steps }: HostStanding): string[] => steps.map(({ step }) => step);

/** One real host with a file, and a unit that is restarted when the file changes. */
export interface ChangeBench {
  readonly lab: Lab;
  readonly watched: WatchedHosts;
  readonly reach: HostReach;
  /** From outside: root's own shell on the host, not Quarterdeck. */
  root(script: string): Promise<string>;
  /** Puts the file and the unit there as they are at first. */
  prepare(): Promise<void>;
  /** Takes back what still waits, and removes all of it. */
  tidy(): Promise<void>;
  /** A change of this host; by default one line of the file, and the restart of the unit. */
  change(step?: Partial<Omit<PlannedStep, 'hosts'>>, texts?: readonly string[]): MadeChange;
  apply(made: MadeChange, token?: number, deadmanS?: number): Promise<HostStanding>;
  /** What the change left there, once nothing of it runs any more. */
  standing(id: string, ms?: number): Promise<HostStanding>;
  /** The file with its mode, owner and times. */
  look(): Promise<string>;
  /** Another one after each start of the unit. */
  invocation(): Promise<string>;
  /** What a change may have left behind; its journal, lock and empty folder aside. */
  litter(): Promise<string>;
  end(): Promise<void>;
}

/** Boots the host. */
export async function startChangeBench(): Promise<ChangeBench> {
  const lab = await startLab({ systems: ['debian'] });
  const watched = await watchHosts([lab.spec('node1')], await readFile(lab.env.knownHosts, 'utf8'));
  await watched.state('node1', 'up');
  const access = watched.hosts.access('node1');
  const reach: HostReach = { access, scripts, base: hostBase, elevation: 'sudo', password: null };
  const root = async (script: string) => (await lab.exec('node1', ['sh', '-c', script])).stdout;
  return {
    lab,
    watched,
    reach,
    root,
    async prepare() {
      const unit = "printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n' >/etc/systemd/system/qd-one.service";
      await root(`mkdir -p /etc/qd-test && printf 'old\\n' >${path} && chmod 640 ${path} && chown 0:4 ${path}`);
      await root(`${unit}; systemctl daemon-reload; systemctl restart qd-one`);
    },
    async tidy() {
      const each = 'for one in /var/lib/quarterdeck/changes/*/program';
      await root(`${each}; do [ ! -e "$one" ] || sh "$one" restore own tidy; done; systemctl stop qd-one`);
      await root('rm -rf /etc/qd-test /etc/systemd/system/qd-one.service* /var/lib/quarterdeck');
    },
    change(step = {}, texts = ['old\n', 'new\n']) {
      const id = `20261123-${String(++changes).padStart(6, '0')}`;
      const contents = Object.fromEntries(texts.map((text) => [hashOf(text), text]));
      const whole = {
        files: [{ path, before: fileOf('old\n'), after: fileOf('new\n') }],
        actions: [{ verb: 'restart' as const, unit: 'qd-one.service' }],
        undo: [{ verb: 'restart' as const, unit: 'qd-one.service' }],
        validators: [],
        gates: [],
        ...step,
      };
      const data = programData({ id, base: hostBase, note: 'ada: a test', step: whole, contents });
      return { id, program: `${data}${scripts.change}` };
    },
    apply({ id, program }, token = 1, deadmanS = 60) {
      if (!program.endsWith(scripts.change)) {
        // One that a test altered is sent whole: the host's shell holds only the one that is ours.
        const altered = { ...reach, scripts: { ...scripts, change: program } };
        return onHost(altered, id, token, { verb: 'apply', data: '', deadmanS }, { anew: true });
      }
      const data = program.slice(0, -scripts.change.length);
      return onHost(reach, id, token, { verb: 'apply', data, deadmanS });
    },
    async standing(id, ms = 15_000) {
      for (const until = performance.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
        const now = await onHost(reach, id, 1, { verb: 'read' }).catch(() => null);
        if (now?.state === 'none' || now?.state === 'not-restored' || (now && performance.now() > until)) return now;
      }
    },
    look: () => root(`cat ${path}; stat -c '%a %u %g %Y %y' ${path}`),
    invocation: () => root('systemctl show -p InvocationID --value qd-one'),
    litter: () => root(litterScript),
    async end() {
      await watched.end();
      await lab.end();
    },
  };
}
