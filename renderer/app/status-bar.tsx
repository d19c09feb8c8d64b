import { useMemo } from 'react';
import { useStore } from 'zustand';
import { isConnected } from '#shared/lib/is-connected.ts';
import { useConsole } from '../state/console.ts';
import { useFromTime, useRecords, useSection } from '../state/hooks.ts';
import { heardAt } from '../state/heard.ts';
import { lookingStore } from '../state/looking.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';
import { etcdSigns } from '../words/states.ts';
import { span } from '../words/times.ts';
import { PresentConsoles } from './present-consoles.tsx';
import './status-bar.css';

/** The status bar: what is connected, how old the oldest value on screen is, and what may be done here. */
export function StatusBar() {
  const { link, replica } = useConsole();
  const status = useStore(link.status);
  const cluster = useStore(replica.store, (state) => state.cluster);
  const about = useSection('cluster', '', 'about');
  return (
    <footer className="status-bar" aria-label="Status">
      {cluster !== null && (
        <>
          <Connected />
          <EtcdState />
          <SlowestAge />
        </>
      )}
      <span className="status-gap" />
      {about && <PresentConsoles windows={about.viewers + 1} />}
      {about && (
        <span className={`status-mode status-${about.mode}`} title={modeAbout[about.mode]}>
          {about.mode === 'operate' ? 'Operate' : 'Observe'}
          {about.protected && ' · protected'}
        </span>
      )}
      <span className="faint status-version">
        {status.state === 'open' ? `Quarterdeck ${status.version}` : 'not connected'}
      </span>
    </footer>
  );
}

const modeAbout = {
  observe: 'Observe: hosts are only read; nothing on them can be changed from here',
  operate: 'Operate: units can be started and stopped and commands run, each shown before it is done',
};

function Connected() {
  const hosts = useRecords('host');
  const up = useMemo(() => {
    let up = 0;
    for (const { link } of hosts.values()) if (isConnected(link)) up += 1;
    return up;
  }, [hosts]);
  const all = up === hosts.size;
  return (
    <span>
      <SignMark tone={all ? 'good' : 'attention'} shape={all ? 'disc' : 'triangle'} size={10} />
      {up.toLocaleString('en')} of {count(hosts.size, 'host')} connected
    </span>
  );
}

function EtcdState() {
  const etcd = useSection('cluster', '', 'etcd');
  if (!etcd || etcd.state === 'none') return null;
  const sign = etcdSigns[etcd.state];
  const leader = etcd.members.find((member) => member.id === etcd.leaderId);
  const up = etcd.members.filter((member) => member.state === 'up').length;
  return (
    <span title={etcd.reason}>
      <SignMark tone={sign.tone} shape={sign.shape} size={10} />
      etcd {sign.word} · {up} of {count(etcd.members.length, 'member')}
      {leader && ` · leader ${leader.name || leader.id}`}
    </span>
  );
}

function SlowestAge() {
  const { replica } = useConsole();
  const visible = useStore(lookingStore, (state) => state.visible);
  const told = useFromTime((now) => {
    const hosts = replica.store.getState().records.host;
    let oldest: { name: string; at: number } | null = null;
    for (const name of visible) {
      const host = hosts.get(name);
      const at = host ? heardAt(host) : null;
      if (host?.link?.state === 'disabled' || at === null) continue;
      if (oldest === null || at < oldest.at) oldest = { name, at };
    }
    return oldest ? `oldest data on screen ${span(now - oldest.at)} (${oldest.name})` : '';
  });
  return told === '' ? null : (
    <span className="status-age" title={told}>
      {told}
    </span>
  );
}
