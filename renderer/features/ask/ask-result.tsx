import { useState } from 'react';
import type { AskGroup } from '#shared/contract/ask.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { useHostActions } from '../../parts/host-actions.ts';
import { Ago } from '../../parts/since.tsx';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { MenuAt, type MenuPlace } from '../../ui/menu.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { bytes, count, some } from '../../words/amounts.ts';
import { duration, span } from '../../words/times.ts';
import { AskOutput } from './ask-output.tsx';
import { summarize, summaryWords } from './ask-summary.ts';
import { groupSign } from './group-sign.ts';

/** The answers to one command: groups of equal ones, the largest first, and one of them whole. */
export function AskResult({ run }: { readonly run: string }) {
  const about = useSection('ask', run, 'about');
  const progress = useSection('ask', run, 'progress');
  const cancel = useDo('ask.cancel');
  const [picked, setPicked] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ place: MenuPlace; hosts: readonly string[] } | null>(null);
  const actions = useHostActions();
  const [against, setAgainst] = useState<string | null>(null);
  const groups = progress ? [...progress.groups].toSorted((a, b) => b.hosts.length - a.hosts.length) : [];
  const shown = groups.find(({ id }) => id === picked) ?? groups[0];
  const move = (steps: number) => () => {
    const at = groups.findIndex(({ id }) => id === shown?.id);
    setPicked(groups[Math.max(0, Math.min(groups.length - 1, at + steps))]?.id ?? null);
  };
  useKeys('Answers', 'view', [
    { keys: 'j', label: 'Next group', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous group', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    {
      keys: '.',
      label: 'Actions of the hosts of this group',
      run: () => {
        const box = document.querySelector('.ask-group[aria-pressed="true"]')?.getBoundingClientRect();
        if (shown && box) setMenu({ hosts: shown.hosts, place: { x: box.left + 24, y: box.top + 26 } });
      },
    },
  ]);
  if (!about || !progress) return <WaitNote what="Waiting for the answers…" />;
  const summary = summarize(progress);
  const done = about.hosts.length - summary.waiting;
  return (
    <section className="ask-result" aria-label="Answers">
      <h1 className="unseen">Answers</h1>
      <header className="ask-result-head">
        <div className="ask-result-command">
          <code>{cleanLine(about.command)}</code>
          <CopyButton text={about.command} name="Copy the command" />
        </div>
        <p>
          <b data-testid="ask-summary">{summaryWords(summary)}</b>
          <span className="faint">
            {' '}
            · {count(about.hosts.length, 'host')}
            {about.elevate && ' · as root'} · limit {span(about.timeoutS * 1000)} · by {about.by},{' '}
            <Ago at={about.startedAt} />
            {progress.state === 'cancelled' && ' · cancelled'}
          </span>
        </p>
        {progress.state === 'running' && (
          <div className="ask-progress">
            <progress max={about.hosts.length} value={done} aria-label="Hosts that answered" />
            <span>
              {done} of {about.hosts.length}
            </span>
            <Button kind="danger" disabled={cancel.busy} onClick={() => void cancel.run({ run })}>
              Cancel on {count(summary.waiting, 'host')}
            </Button>
          </div>
        )}
        {cancel.problem && <ProblemNote problem={cancel.problem} />}
      </header>
      <div className="ask-answers">
        <ul className="ask-groups" aria-label="Groups of equal answers">
          {groups.map((group) => (
            <li key={group.id}>
              <GroupButton
                group={group}
                isBaseline={group.id === summary.baseline?.id}
                current={group.id === shown?.id}
                onPick={() => setPicked(group.id)}
                onMenu={(place) => setMenu({ hosts: group.hosts, place })}
              />
            </li>
          ))}
        </ul>
        {shown ? (
          <AskOutput
            key={shown.id}
            run={run}
            group={shown}
            groups={groups}
            baseline={summary.baseline}
            against={against}
            onAgainst={setAgainst}
          />
        ) : (
          <WaitNote what="No host has answered yet." />
        )}
      </div>
      {menu && (
        <MenuAt
          place={menu.place}
          label={menu.hosts.length === 1 ? (menu.hosts[0] ?? '') : count(menu.hosts.length, 'host')}
          lines={actions(menu.hosts)}
          onClose={() => setMenu(null)}
        />
      )}
    </section>
  );
}

function GroupButton({
  group,
  isBaseline,
  current,
  onPick,
  onMenu,
}: {
  readonly group: AskGroup;
  readonly isBaseline: boolean;
  readonly current: boolean;
  readonly onPick: () => void;
  readonly onMenu: (place: MenuPlace) => void;
}) {
  const sign = groupSign(group);
  const { min, max } = group.durationMs;
  return (
    <button
      type="button"
      className="ask-group"
      aria-pressed={current}
      onClick={onPick}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
      data-testid="ask-group"
    >
      <span className={`ask-group-head tone-${sign.tone}`}>
        <SignMark tone={sign.tone} shape={sign.shape} />
        <b>{count(group.hosts.length, 'host')}</b>
        <span>
          {sign.word}
          {isBaseline && ' · most'}
        </span>
      </span>
      <span className="ask-group-hosts cut">{some(group.hosts, 3)}</span>
      <code className="cut">{cleanLine(group.excerpt, 120) || (group.state === 'answered' ? '(no output)' : '')}</code>
      <span className="faint">
        {bytes(group.bytes)}
        {group.truncated && ' (cut)'} · {min === max ? duration(min) : `${duration(min)} – ${duration(max)}`}
      </span>
    </button>
  );
}
