import type { UnitJob, UnitView } from '../../systemd/unit-state.ts';
import { shownProperties, unitFacts } from '../../systemd/unit-properties.ts';
import { unitFiles } from '../../systemd/unit-text.ts';
import type { CommandCall, CommandRun, CommandTable } from '../command.ts';
import { type Flags, readFlags } from '../flags.ts';
import { patternExpression } from '../pattern.ts';
import { unitStatus } from './systemctl-status.ts';
import { listTimers, listUnitFiles, listUnits } from './systemctl-lists.ts';
import { complain, put } from './text-input.ts';

type Verb = (call: CommandCall, names: readonly string[], flags: Flags) => number | Promise<number>;

const withType = (name: string) =>
  /\.(service|socket|target|timer|mount|slice|scope|path|device|swap)$/.test(name) ? name : `${name}.service`;

/** The units that names and patterns mean; a name that is none is kept as null. */
function unitsNamed(call: CommandCall, names: readonly string[]): { name: string; unit: UnitView | null }[] {
  const { systemd } = call.host;
  return names.flatMap((name) => {
    if (!/[*?[]/.test(name)) return [{ name: withType(name), unit: systemd.get(withType(name)) }];
    const fits = patternExpression(name);
    return systemd
      .list()
      .filter((unit) => fits.test(unit.name))
      .map((unit) => ({ name: unit.name, unit }));
  });
}

const denied = (what: string) =>
  `Failed to ${what}: Interactive authentication required.\nSee system logs and 'systemctl status' for details.`;

function jobVerb(type: UnitJob['type']): Verb {
  return async (call, names, flags) => {
    if (names.length === 0) return complain(call, 'Too few arguments.');
    const runs: Promise<{ name: string; result: string }>[] = [];
    for (const { name, unit } of unitsNamed(call, names)) {
      if (call.user !== 'root') return complain(call, denied(`${type} ${name}`));
      if (!unit || unit.load === 'not-found')
        return complain(call, `Failed to ${type} ${name}: Unit ${name} not found.`, 5);
      if (unit.load === 'masked') return complain(call, `Failed to ${type} ${name}: Unit ${name} is masked.`);
      runs.push(call.host.systemd.run(name, type).then((result) => ({ name, result })));
    }
    if (flags.has('no-block')) return 0;
    let status = 0;
    for (const { name, result } of await call.process.until(Promise.all(runs))) {
      if (result === 'done') {
        if (name === 'zincati.service' && type !== 'stop') call.host.systems.zincatiStarted();
        if (name === 'update-engine.service') call.host.engine.stop();
        continue;
      }
      const why = `Job for ${name} failed because the control process exited with error code.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`;
      status = await complain(call, why);
    }
    return status;
  };
}

function fileVerb(verb: 'enable' | 'disable' | 'mask' | 'unmask'): Verb {
  return async (call, names, flags) => {
    for (const { name, unit } of unitsNamed(call, names)) {
      if (call.user !== 'root') return complain(call, denied(`${verb} unit`));
      if (!unit) return complain(call, `Failed to ${verb} unit: Unit file ${name} does not exist.`);
      const file = verb === 'mask' ? 'masked' : verb === 'enable' ? 'enabled' : 'disabled';
      if (unit.file === file && verb !== 'mask') continue;
      if (!call.host.systemd.setFile(name, file)) {
        if (verb === 'mask' || verb === 'unmask') return complain(call, `Failed to ${verb} unit: File exists.`);
        await complain(
          call,
          'The unit files have no installation config (WantedBy=, RequiredBy=, UpheldBy=,\nAlso=, or Alias= settings in the [Install] section).',
        );
        continue;
      }
      const link = `/etc/systemd/system/${verb === 'mask' || verb === 'unmask' ? '' : 'multi-user.target.wants/'}${name}`;
      const target = verb === 'mask' ? '/dev/null' : unitFacts(call.host, unit).fragmentPath;
      const isMade = verb === 'enable' || verb === 'mask';
      await complain(call, isMade ? `Created symlink ${link} → ${target}.` : `Removed "${link}".`);
      if (flags.has('now')) await call.host.systemd.run(name, verb === 'enable' ? 'start' : 'stop');
    }
    return 0;
  };
}

const isActive: Verb = async (call, names, flags) => {
  let found = false;
  for (const { unit } of unitsNamed(call, names)) {
    if (unit?.active === 'active' || unit?.active === 'reloading') found = true;
    if (!flags.has('q', 'quiet')) await put(call, `${unit?.active ?? 'inactive'}\n`);
  }
  return found ? 0 : names.length > 0 && unitsNamed(call, names).every(({ unit }) => !unit) ? 4 : 3;
};

const isFailed: Verb = async (call, names, flags) => {
  const units = names.length > 0 ? unitsNamed(call, names) : call.host.systemd.failed().map((unit) => ({ unit }));
  for (const { unit } of units) if (!flags.has('q', 'quiet')) await put(call, `${unit?.active ?? 'inactive'}\n`);
  return units.some(({ unit }) => unit?.active === 'failed') ? 0 : 1;
};

const isEnabled: Verb = async (call, names, flags) => {
  let status = 1;
  for (const { name, unit } of unitsNamed(call, names)) {
    if (!unit) return complain(call, `Failed to get unit file state for ${name}: No such file or directory`);
    if (/^(?:enabled|static|alias|indirect|generated)/.test(unit.file)) status = 0;
    if (!flags.has('q', 'quiet')) await put(call, `${unit.file}\n`);
  }
  return status;
};

const systemState: Verb = async (call, _names, flags) => {
  const jobs = call.host.systemd.jobs().length;
  const state =
    call.host.systemd.failed().length > 0
      ? 'degraded'
      : jobs > 0 && call.host.figures().uptimeCs < 3000
        ? 'starting'
        : 'running';
  if (!flags.has('q', 'quiet')) await put(call, `${state}\n`);
  return state === 'running' ? 0 : 1;
};

const show: Verb = async (call, names, flags) => {
  const wanted = flags.values('p', 'property', 'P').flatMap((each) => each.split(','));
  const bare = flags.has('value', 'P');
  const print = async (rows: readonly (readonly [string, string])[]) => {
    for (const [key, value] of rows)
      if (wanted.length === 0 || wanted.includes(key)) await put(call, bare ? `${value}\n` : `${key}=${value}\n`);
  };
  if (names.length === 0) {
    const { systemd, spec } = call.host;
    await print([
      ['Version', /\((.*)\)/.exec(spec.release.systemd)?.[1] ?? ''],
      ['NNames', String(systemd.list().length)],
      ['NFailedUnits', String(systemd.failed().length)],
      ['NJobs', String(systemd.jobs().length)],
      ['SystemState', systemd.failed().length > 0 ? 'degraded' : 'running'],
    ]);
    return 0;
  }
  for (const [at, { name, unit }] of unitsNamed(call, names).entries()) {
    if (at > 0) await put(call, '\n');
    if (unit) await print(shownProperties(call.host, unitFacts(call.host, unit)));
    else
      await print([
        ['Id', name],
        ['Description', name],
        ['LoadState', 'not-found'],
        ['ActiveState', 'inactive'],
        ['SubState', 'dead'],
        ['UnitFileState', ''],
      ]);
  }
  return 0;
};

const cat: Verb = async (call, names) => {
  for (const { name, unit } of unitsNamed(call, names)) {
    const files = unit ? unitFiles(unit.kind, call.host.spec.role) : [];
    if (files.length === 0) return complain(call, `No files found for ${name}.`);
    await put(call, files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
  }
  return 0;
};

const status: Verb = async (call, names, flags) => {
  if (names.length === 0) {
    const { systemd, spec } = call.host;
    const failed = systemd.failed().length;
    await put(
      call,
      `● ${spec.name}\n    State: ${failed > 0 ? 'degraded' : 'running'}\n    Units: ${systemd.list().length} loaded (incl. loaded aliases)\n     Jobs: ${systemd.jobs().length} queued\n   Failed: ${failed} units\n`,
    );
    return 0;
  }
  let code = 0;
  for (const [at, { name, unit }] of unitsNamed(call, names).entries()) {
    if (at > 0) await put(call, '\n');
    if (!unit) code = await complain(call, `Unit ${name} could not be found.`, 4);
    else {
      await put(call, unitStatus(call.host, unit, Number(flags.value('n', 'lines') ?? 10)));
      if (unit.active !== 'active' && unit.active !== 'reloading') code = 3;
    }
  }
  return code;
};

const resetFailed: Verb = async (call, names) => {
  if (call.user !== 'root') return complain(call, denied('reset failed state'));
  const { systemd } = call.host;
  for (const name of names.length > 0
    ? unitsNamed(call, names).map((each) => each.name)
    : systemd.failed().map((unit) => unit.name)) {
    if (!systemd.get(name))
      return complain(call, `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.`);
    systemd.resetFailed(name);
  }
  return 0;
};

const kill: Verb = async (call, names, flags) => {
  if (call.user !== 'root') return complain(call, denied('kill unit'));
  for (const { name, unit } of unitsNamed(call, names)) {
    if (!unit) return complain(call, `Failed to kill unit ${name}: Unit ${name} not loaded.`);
    const code = await call.run(['kill', `-${flags.value('s', 'signal') ?? 'TERM'}`, String(unit.pid)]);
    if (code !== 0) return code;
  }
  return 0;
};

/** A virtual machine's boot. */
const downMs = 8000;

const reboot: Verb = async (call) => {
  if (call.user !== 'root')
    return complain(
      call,
      denied('set wall message, ignoring: Interactive authentication required.\nCall to Reboot failed'),
    );
  call.host.schedule.after(400, () => call.host.reboot(downMs));
  return 0;
};

const verbs: Readonly<Record<string, Verb>> = {
  start: jobVerb('start'),
  stop: jobVerb('stop'),
  restart: jobVerb('restart'),
  'try-restart': jobVerb('restart'),
  reload: jobVerb('reload'),
  'reload-or-restart': jobVerb('restart'),
  enable: fileVerb('enable'),
  disable: fileVerb('disable'),
  mask: fileVerb('mask'),
  unmask: fileVerb('unmask'),
  'is-active': isActive,
  'is-failed': isFailed,
  'is-enabled': isEnabled,
  'is-system-running': systemState,
  show,
  cat,
  status,
  kill,
  reboot,
  'reset-failed': resetFailed,
  'list-units': listUnits,
  'list-unit-files': listUnitFiles,
  'list-timers': listTimers,
  'list-jobs': async (call) => {
    const jobs = call.host.systemd.jobs();
    for (const { name, job } of jobs) await put(call, `${job.id} ${name} ${job.type} running\n`);
    await put(call, jobs.length > 0 ? `\n${jobs.length} jobs listed.\n` : 'No jobs running.\n');
    return 0;
  },
  'daemon-reload': (call) => {
    if (call.user !== 'root') return complain(call, denied('reload daemon'));
    call.host.systemd.reload();
    return 0;
  },
};

const taking = ['p', 'P', 'property', 'n', 'lines', 'o', 'output', 't', 'type', 's', 'signal', 'state', 'H', 'M'];

const systemctl: CommandRun = async (call) => {
  const flags = readFlags(call.words, taking);
  if (flags.has('version')) {
    await put(call, `${call.host.spec.release.systemd}\n+PAM +AUDIT +SELINUX +IMA +SMACK +SECCOMP +GCRYPT +OPENSSL\n`);
    return 0;
  }
  const [verb = 'list-units', ...names] = flags.rest;
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  return run ? run(call, names, flags) : complain(call, `Unknown command verb '${verb}'.`);
};

export const systemctlCommands: CommandTable = {
  systemctl,
  reboot: (call) => systemctl({ ...call, words: ['reboot'] }),
};
