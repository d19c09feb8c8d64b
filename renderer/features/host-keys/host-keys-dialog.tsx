import { useState } from 'react';
import type { HostKeyQuestion } from '#shared/contract/cluster.ts';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import './host-keys.css';

/** Host keys nobody has accepted yet, as a table to accept; keys that changed, loudly and with both fingerprints. */
export function HostKeysDialog({ onClose }: { readonly onClose: () => void }) {
  const keys = useSection('cluster', '', 'keys') ?? [];
  const changed = keys.filter((key) => key.known.length > 0);
  const unknown = keys.filter((key) => key.known.length === 0);
  return (
    <Dialog
      title="Host keys"
      about="A host key proves that a machine is the one it says it is. Accepted keys are added to known_hosts."
      width={860}
      onClose={onClose}
    >
      {changed.map((key) => (
        <ChangedKey key={key.host} question={key} />
      ))}
      {unknown.length > 0 && <UnknownKeys questions={unknown} />}
      {keys.length === 0 && (
        <EmptyNote title="No host key waits for you">
          <p>Every host that answered showed a key that known_hosts holds.</p>
        </EmptyNote>
      )}
    </Dialog>
  );
}

function ChangedKey({ question }: { readonly question: HostKeyQuestion }) {
  return (
    <section className="changed-key" role="alert">
      <h3>
        <SignMark tone="bad" shape="cross" /> The host key of {question.host} has CHANGED — it is blocked
      </h3>
      <p>
        Either this machine was installed anew, or something between you and {question.address} answers in its place.
        Nothing is sent to it. Other hosts are not affected.
      </p>
      <dl>
        <div>
          <dt>It shows</dt>
          <dd>
            <code>
              {question.type} {question.fingerprint}
            </code>
          </dd>
        </div>
        {question.known.map((known) => (
          <div key={known.place + known.fingerprint}>
            <dt>Expected</dt>
            <dd>
              <code>
                {known.type} {known.fingerprint}
              </code>{' '}
              <span className="faint">{known.place}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        Ask whoever runs the machine. If the new key is right, take the old line out of the file named above and connect
        again; the new key is then shown here to accept.
      </p>
    </section>
  );
}

function UnknownKeys({ questions }: { readonly questions: readonly HostKeyQuestion[] }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const accept = useDo('keys.accept');
  const refuse = useDo('keys.refuse');
  const chosen = questions.filter(({ host }) => !left.has(host));
  const toggle = (host: string) => {
    const next = new Set(left);
    if (!next.delete(host)) next.add(host);
    setLeft(next);
  };
  const problem = accept.problem ?? refuse.problem;
  return (
    <section aria-label="Keys to accept">
      <p className="unknown-keys-about">
        {count(questions.length, 'host')} showed a key for the first time. Compare the fingerprints with what the
        machines themselves say (<code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code>).
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th>
              <span className="unseen">Accept</span>
            </th>
            <th>Host</th>
            <th>Address</th>
            <th>Key</th>
          </tr>
        </thead>
        <tbody>
          {questions.map((question) => (
            <tr key={question.host}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Accept the key of ${question.host}`}
                  checked={!left.has(question.host)}
                  onChange={() => toggle(question.host)}
                />
              </td>
              <td>{question.host}</td>
              <td>{question.address}</td>
              <td>
                <code>
                  {question.type} {question.fingerprint}
                </code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {problem && <ProblemNote problem={problem} />}
      <div className="unknown-keys-buttons">
        <Button
          disabled={refuse.busy || chosen.length === 0}
          onClick={() => void refuse.run({ hosts: chosen.map(({ host }) => host) })}
        >
          Refuse {count(chosen.length, 'key')}
        </Button>
        <Button
          kind="primary"
          disabled={accept.busy || chosen.length === 0}
          onClick={() => void accept.run({ keys: chosen.map(({ host, fingerprint }) => ({ host, fingerprint })) })}
        >
          Accept {count(chosen.length, 'key')}
        </Button>
      </div>
    </section>
  );
}
