import { actWords } from '#shared/lib/update/act-words.ts';
import type { ChangeState } from '#shared/contract/change.ts';
import { useConsole } from '../state/console.ts';
import { useRecords, useSection } from '../state/hooks.ts';
import { clusterOf, printRoute } from '../state/routes.ts';
import { useRoute } from '../state/hooks.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';

/** Chips for what waits for a person and for what runs; each opens what it names. */
export function NeedChips() {
  return (
    <>
      <KeysChip />
      <PromptsChip />
      <RunningChips />
    </>
  );
}

const movingStates: ReadonlySet<ChangeState> = new Set(['running', 'paused', 'rolling-back']);

function KeysChip() {
  const { dialogs } = useConsole();
  const keys = useSection('cluster', '', 'keys') ?? [];
  const changed = keys.filter((key) => key.known.length > 0).length;
  const unknown = keys.length - changed;
  if (keys.length === 0) return null;
  return (
    <button
      type="button"
      className={`chip ${changed > 0 ? 'chip-bad' : 'chip-attention'}`}
      onClick={() => dialogs.setState({ open: { kind: 'host-keys' } })}
    >
      <SignMark tone={changed > 0 ? 'bad' : 'attention'} shape={changed > 0 ? 'cross' : 'question'} />
      {[
        changed > 0 ? `${count(changed, 'host key')} changed` : '',
        unknown > 0 ? `${count(unknown, 'host key')} to accept` : '',
      ]
        .filter(Boolean)
        .join(' · ')}
    </button>
  );
}

function PromptsChip() {
  const { dialogs } = useConsole();
  const prompts = useSection('cluster', '', 'prompts') ?? [];
  if (prompts.length === 0) return null;
  return (
    <button
      type="button"
      className="chip chip-attention"
      onClick={() => dialogs.setState({ open: { kind: 'prompts' } })}
    >
      <SignMark tone="attention" shape="question" />
      {count(prompts.length, 'question')} to answer
    </button>
  );
}

function RunningChips() {
  const cluster = clusterOf(useRoute());
  const asks = useRecords('ask');
  const actions = useRecords('action');
  const tellings = useRecords('update-action');
  const changes = useRecords('change');
  if (cluster === null) return null;
  const running = [...asks].filter(([, ask]) => ask.progress?.state === 'running');
  const acting = [...actions].filter(([, action]) => action.progress && !action.progress.done);
  const telling = [...tellings].filter(([, action]) => action.progress && !action.progress.done);
  const moving = [...changes].filter(([, { progress }]) => progress && movingStates.has(progress.state));
  return (
    <>
      {moving.map(([id, { about, progress, hosts }]) => {
        const stands = progress?.state === 'paused';
        const over = hosts?.filter(({ state }) => state === 'done' || state === 'unchanged').length ?? 0;
        return (
          <a
            key={id}
            className={`chip ${stands ? 'chip-attention' : ''}`}
            href={printRoute({ view: 'changes', cluster, change: id })}
          >
            <SignMark tone={stands ? 'attention' : 'moving'} shape={stands ? 'pause' : 'dots'} />
            {stands ? 'Change paused' : `Wave ${(progress?.wave ?? 0) + 1}/${about?.waves.length ?? 0}`} · {over} of{' '}
            {about?.hosts ?? 0}
          </a>
        );
      })}
      {running.map(([id, { about, progress }]) => (
        <a key={id} className="chip" href={printRoute({ view: 'ask', cluster, run: id })}>
          <SignMark tone="moving" shape="dots" />
          Asking · {progress?.answered ?? 0} of {about?.hosts.length ?? 0}
        </a>
      ))}
      {telling.map(([id, { about }]) => (
        <a
          key={id}
          className="chip"
          href={printRoute({
            view: 'host',
            cluster,
            host: about?.plan.steps[0]?.host ?? '',
            tab: 'updates',
            unit: null,
          })}
        >
          <SignMark tone="moving" shape="dots" />
          {about && actWords(about.plan.act)}
        </a>
      ))}
      {acting.map(([id, { about, reboot, progress }]) => {
        const host = (about ?? reboot)?.plan.steps[0]?.host ?? '';
        // Of many reboots the one that is under way is shown.
        const moving = progress?.outcomes.find(({ state }) => state === 'running' || state === 'watching')?.host;
        const over = progress?.outcomes.filter(({ state }) => state === 'done').length ?? 0;
        const address = about
          ? ({ view: 'host', cluster, host, tab: 'units', unit: about.plan.unit } as const)
          : ({ view: 'host', cluster, host: moving ?? host, tab: 'overview', unit: null } as const);
        return (
          <a key={id} className="chip" href={printRoute(address)}>
            <SignMark tone="moving" shape="dots" />
            {about
              ? `${about.plan.verb} ${about.plan.unit}`
              : `Rebooting · ${over} of ${progress?.outcomes.length ?? 0}`}
          </a>
        );
      })}
    </>
  );
}
