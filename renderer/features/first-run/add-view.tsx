import { useState } from 'react';
import { useConsole } from '../../state/console.ts';
import { printRoute, type Route } from '../../state/routes.ts';
import { Segments, TextBlock } from '../../ui/field.tsx';
import { FileDoor } from './file-door.tsx';
import { ImportTable } from './import-table.tsx';
import './first-run.css';

type From = Extract<Route, { view: 'add' }>['from'];

const sources: readonly { value: From; label: string }[] = [
  { value: 'ssh-config', label: 'ssh configuration' },
  { value: 'ansible', label: 'Ansible inventory' },
  { value: 'list', label: 'List of hosts' },
  { value: 'file', label: 'Cluster file' },
];

const sshSources = [
  { value: 'own', label: 'My own' },
  { value: 'pasted', label: 'Pasted text' },
] as const;

const about: Record<From, string> = {
  'ssh-config':
    'The hosts of your own ssh configuration, with its Include files, jump hosts and keys; or those of one that you paste.',
  ansible: 'Paste an inventory in INI or YAML. Groups become labels; variables other than the connection are left out.',
  list: 'Names or addresses, one per line or parted by commas, with user@ in front and :port behind; labels follow, parted by blanks: web-1 role=web zone=a. web-[01:20] is twenty hosts.',
  file: 'Write the file yourself. It is plain YAML that a team can keep in git; secrets are never in it.',
};

/** Makes a cluster from what is already written down somewhere. */
export function AddView({ from }: { readonly from: From }) {
  const { router } = useConsole();
  const [ansible, setAnsible] = useState('');
  const [list, setList] = useState('');
  const [sshFrom, setSshFrom] = useState<'own' | 'pasted'>('own');
  const [ssh, setSsh] = useState('');
  return (
    <div className="page">
      <div className="page-column">
        <h1>Add a cluster</h1>
        <div className="add-tabs">
          <Segments
            label="Where the hosts come from"
            value={from}
            options={sources}
            onChange={(from) => router.replace({ view: 'add', from })}
          />
          <a href={printRoute({ view: 'start' })}>All clusters</a>
        </div>
        <p className="faint">{about[from]}</p>
        {from === 'ssh-config' && (
          <>
            <div className="add-tabs">
              <Segments label="Which configuration" value={sshFrom} options={sshSources} onChange={setSshFrom} />
            </div>
            {sshFrom === 'pasted' && (
              <TextBlock
                label="Configuration"
                className="add-text"
                hint="Include lines are not followed in pasted text."
                placeholder={'Host web-01\n  HostName 10.0.0.11\n  ProxyJump bastion.example.com'}
                value={ssh}
                onChange={(event) => setSsh(event.target.value)}
              />
            )}
            <ImportTable key={sshFrom} format="ssh-config" text={sshFrom === 'own' ? null : ssh} />
          </>
        )}
        {from === 'ansible' && (
          <>
            <TextBlock
              label="Inventory"
              className="add-text"
              placeholder={'[web]\nweb-01 ansible_host=10.0.0.11\n\n[db]\ndb-01 ansible_host=10.0.0.21'}
              value={ansible}
              onChange={(event) => setAnsible(event.target.value)}
            />
            <ImportTable format={looksLikeYaml(ansible) ? 'ansible-yaml' : 'ansible-ini'} text={ansible} />
          </>
        )}
        {from === 'list' && (
          <>
            <TextBlock
              label="Hosts"
              className="add-text"
              placeholder={'web-[01:03].example.com role=web\ncore@10.0.0.12:2222\ndb-01.example.com role=db zone=a'}
              value={list}
              onChange={(event) => setList(event.target.value)}
            />
            <ImportTable format="list" text={list} />
          </>
        )}
        {from === 'file' && <FileDoor />}
      </div>
    </div>
  );
}

/** An inventory in YAML begins with a key and a colon, one in INI with a section or a bare host. */
function looksLikeYaml(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  return first.startsWith('---') || /^[\w.-]+:\s*$/.test(first);
}
