import type { Duplex } from 'node:stream';
import type { BusValue, BusVariant } from '#core/dbus/bus.ts';
import { type BusCall, type BusReply, busError, serveBusPeer } from '#core/dbus/serve-bus-peer.ts';
import { unitPath } from '#core/dbus/unit-path.ts';
import { variant } from '#core/dbus/variant.ts';
import { answerEngine, engineName, engineSignal } from '../updates/engine-bus.ts';
import { uuidOf } from '../world/chance.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { answerProperties, manager, managerPath, typeInterface, unitInterface, unknownMethod } from './bus-objects.ts';
import type { SystemdEvent } from './unit-table.ts';
import type { UnitJob, UnitView } from './unit-state.ts';
import { unitType } from './unit-kind.ts';

const properties = 'org.freedesktop.DBus.Properties';
const rowSignature = 'a(ssssssouso)';
const empty: BusReply = { signature: '', body: [] };

/** Serves a host's system bus to one client over a forwarded socket. */
export function connectSystemBus(host: SimulatedHost, user: string, stream: Duplex): void {
  const state = { subscribed: false };
  const isFlatcar = host.spec.release.family === 'flatcar';
  stream.on('error', () => {});
  const peer = serveBusPeer(stream, {
    names: [
      'org.freedesktop.systemd1',
      'org.freedesktop.login1',
      'org.freedesktop.hostname1',
      'org.freedesktop.timedate1',
      ...(isFlatcar ? [engineName] : []),
    ],
    call: (call) => answer(host, user, state, call),
  });
  const forget = host.systemd.listen((event) => {
    // As systemd: nothing is sent to those who did not subscribe.
    if (state.subscribed) for (const signal of signalsOf(host, event)) peer.emit(signal);
  });
  const forgetEngine = isFlatcar ? host.engine.listen((told) => peer.emit(engineSignal(told))) : () => {};
  peer.onClose(() => {
    forget();
    forgetEngine();
  });
}

function signalsOf(host: SimulatedHost, event: SystemdEvent) {
  const ofManager = (member: string, signature: string, body: BusValue[]) => [
    { path: managerPath, interface: manager, member, signature, body },
  ];
  switch (event.kind) {
    case 'changed': {
      const unit = host.systemd.get(event.unit);
      if (!unit) return [];
      const now: Record<string, BusVariant> = {
        ActiveState: variant('s', unit.active),
        SubState: variant('s', unit.sub),
        Job: variant('(uo)', jobOf(unit)),
      };
      const path = unitPath(event.unit);
      const change = { path, interface: properties, member: 'PropertiesChanged', signature: 'sa{sv}as' };
      const special = typeInterface(unit.name);
      return [
        { ...change, body: [unitInterface, now as unknown as BusValue, ['Conditions', 'Asserts']] },
        ...(unitType(unit.name) === 'service'
          ? [
              {
                ...change,
                body: [
                  special,
                  { MainPID: variant('u', unit.pid), Result: variant('s', unit.result) } as unknown as BusValue,
                  [],
                ],
              },
            ]
          : []),
      ];
    }
    case 'new':
      return ofManager('UnitNew', 'so', [event.unit, unitPath(event.unit)]);
    case 'removed':
      return ofManager('UnitRemoved', 'so', [event.unit, unitPath(event.unit)]);
    case 'job-new':
      return ofManager('JobNew', 'uos', [event.id, jobPath(event.id), event.unit]);
    case 'job-removed':
      return ofManager('JobRemoved', 'uoss', [event.id, jobPath(event.id), event.unit, event.result]);
    case 'reloading':
      return ofManager('Reloading', 'b', [event.active]);
    default:
      return event satisfies never;
  }
}

const jobPath = (id: number) => `/org/freedesktop/systemd1/job/${id}`;

function jobOf(unit: UnitView): BusValue[] {
  return unit.job ? [unit.job.id, jobPath(unit.job.id)] : [0, '/'];
}

function row(unit: UnitView): BusValue[] {
  const { name, kind, load, active, sub, job } = unit;
  return [
    name,
    kind.description,
    load,
    active,
    sub,
    '',
    unitPath(name),
    job?.id ?? 0,
    job?.type ?? '',
    job ? jobPath(job.id) : '/',
  ];
}

function answer(
  host: SimulatedHost,
  user: string,
  state: { subscribed: boolean },
  call: BusCall,
): BusReply | Promise<BusReply> {
  if (call.destination === engineName) return answerEngine(host, call);
  if (call.interface === properties) return answerProperties(host, call);
  if (call.interface === 'org.freedesktop.DBus.Peer' && call.member === 'GetMachineId')
    return { signature: 's', body: [uuidOf(host.spec.seed ^ 0x20).replaceAll('-', '')] };
  if (call.path !== managerPath) throw unknownMethod(call);
  return answerManager(host, user, state, call);
}

const changing: Readonly<Record<string, UnitJob['type']>> = {
  StartUnit: 'start',
  StopUnit: 'stop',
  RestartUnit: 'restart',
  ReloadUnit: 'reload',
  TryRestartUnit: 'restart',
  ReloadOrRestartUnit: 'restart',
};

function answerManager(host: SimulatedHost, user: string, state: { subscribed: boolean }, call: BusCall): BusReply {
  const { systemd } = host;
  const [first, second] = call.body;
  const text = typeof first === 'string' ? first : '';
  switch (call.member) {
    case 'Subscribe':
      if (state.subscribed)
        throw busError('org.freedesktop.systemd1.AlreadySubscribed', 'Client is already subscribed.');
      state.subscribed = true;
      return empty;
    case 'Unsubscribe':
      state.subscribed = false;
      return empty;
    case 'ListUnits':
      return { signature: rowSignature, body: [systemd.list().map(row)] };
    case 'ListUnitsByPatterns':
    case 'ListUnitsByNames':
    case 'ListUnitsFiltered': {
      const names = new Set(Array.isArray(call.body.at(-1)) ? (call.body.at(-1) as BusValue[]) : []);
      const states = call.member === 'ListUnitsByPatterns' && Array.isArray(first) ? first : [];
      const units = systemd.list().filter((unit) => names.size === 0 || names.has(unit.name));
      const fits = units.filter(
        ({ active, sub, load }) =>
          states.length === 0 || states.some((each) => each === active || each === sub || each === load),
      );
      return { signature: rowSignature, body: [fits.map(row)] };
    }
    case 'ListJobs': {
      const rows = systemd
        .jobs()
        .map(({ name, job }) => [job.id, name, job.type, 'running', jobPath(job.id), unitPath(name)]);
      return { signature: 'a(usssoo)', body: [rows] };
    }
    case 'GetUnit':
    case 'LoadUnit':
      if (!systemd.get(text) && (call.member === 'GetUnit' || !/^[\w:.@\\-]+\.\w+$/.test(text)))
        throw busError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${text} not loaded.`);
      return { signature: 'o', body: [unitPath(text)] };
    case 'GetUnitByPID': {
      const unit = typeof first === 'number' ? systemd.byPid(first) : null;
      if (!unit)
        throw busError(
          'org.freedesktop.systemd1.NoUnitForPID',
          `PID ${typeof first === 'number' ? first : '?'} does not belong to any loaded unit.`,
        );
      return { signature: 'o', body: [unitPath(unit.name)] };
    }
    case 'GetUnitFileState':
      if (!systemd.get(text)) throw busError('org.freedesktop.DBus.Error.FileNotFound', 'No such file or directory');
      return { signature: 's', body: [systemd.get(text)?.file ?? ''] };
    default:
      return changeManager(host, user, call, text, second);
  }
}

/** Methods that change something: only for root, as polkit has it for whoever comes without a session. */
function changeManager(
  host: SimulatedHost,
  user: string,
  call: BusCall,
  text: string,
  second: BusValue | undefined,
): BusReply {
  const { systemd } = host;
  const type = Object.hasOwn(changing, call.member) ? changing[call.member] : undefined;
  const known =
    type !== undefined ||
    ['ResetFailedUnit', 'ResetFailed', 'EnableUnitFiles', 'DisableUnitFiles', 'Reload'].includes(call.member);
  if (!known) throw unknownMethod(call);
  if (user !== 'root')
    throw busError(
      'org.freedesktop.DBus.Error.InteractiveAuthorizationRequired',
      'Interactive authentication required.',
    );
  if (type) {
    const unit = systemd.get(text);
    if (!unit || unit.load === 'not-found')
      throw busError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${text} not found.`);
    void systemd.run(text, type);
    return { signature: 'o', body: [jobPath(systemd.lastJob)] };
  }
  const names = Array.isArray(call.body[0]) ? call.body[0].filter((name) => typeof name === 'string') : [];
  switch (call.member) {
    case 'ResetFailedUnit':
      systemd.resetFailed(text);
      return empty;
    case 'ResetFailed':
      for (const unit of systemd.failed()) systemd.resetFailed(unit.name);
      return empty;
    case 'Reload':
      systemd.reload();
      return empty;
    default: {
      const isEnable = call.member === 'EnableUnitFiles';
      const changed = names.filter((name) => systemd.setFile(name, isEnable ? 'enabled' : 'disabled'));
      const runtime = second === true ? '/run' : '/etc';
      const rows = changed.map((name) => [
        isEnable ? 'symlink' : 'unlink',
        `${runtime}/systemd/system/multi-user.target.wants/${name}`,
        '',
      ]);
      return isEnable ? { signature: 'ba(sss)', body: [true, rows] } : { signature: 'a(sss)', body: [rows] };
    }
  }
}
