import { lazy, Suspense, useState } from 'react';
import { AskFile, useAskedFile } from '../../parts/asked-file.tsx';
import { ConfigTabs } from '../../parts/config-tabs.tsx';
import { useSecrets } from '../../parts/secrets.tsx';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { useOperate } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { ComparedGroups } from './compared-groups.tsx';
import { FileHistory } from './file-history.tsx';
import { foldFiles, foldWords } from './fold-files.ts';
import { type Levelling, levelDraft } from './level-draft.ts';
import { newFileText } from './new-file-text.ts';
import './config.css';

// The editor is large, and looking at files needs none.
const EditFile = lazy(async () => ({ default: (await import('./edit-file.tsx')).EditFile }));

const noTexts: Readonly<Record<string, string>> = {};

/** One file over many hosts: what each has, folded by equality; edited once, planned, applied in stages. */
export function ConfigView({
  cluster,
  path,
  filter,
}: {
  readonly cluster: string;
  readonly path: string;
  /** Which hosts, when the address names them. */
  readonly filter: string;
}) {
  const operate = useOperate();
  const [picked, setPicked] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [levelling, setLevelling] = useState<Levelling | null>(null);
  const file = useAskedFile({
    cluster,
    tab: 'compare',
    path,
    filter,
    onOther: () => {
      setPicked(null);
      setEditing(null);
      setLevelling(null);
    },
  });
  const { asked, target } = file;
  const files = asked.output?.files ?? [];
  const texts = asked.output?.texts ?? noTexts;
  const readable = useSecrets(texts, path);
  const groups = foldFiles(files);
  const largest = groups.find(({ kind }) => kind === 'file');
  const shown = groups.find(({ key }) => key === picked) ?? largest ?? groups[0];
  const level = shown ? levelDraft(path, groups, shown, texts) : null;
  return (
    <>
      <ConfigTabs cluster={cluster} current="compare" path={path} />
      <div className="page config-page">
        <h1 className="unseen">Compare one file over the fleet</h1>
        <AskFile file={file} example="/etc/ssh/sshd_config" does="Compare on" />
        {asked.problem && <ProblemNote problem={asked.problem} />}
        {asked.waiting && !asked.output && (
          <WaitNote what={`Reading ${path} on ${count(target.hosts.length, 'host')}…`} />
        )}
        {path === '' && (
          <EmptyNote title="Which file?">
            <p>
              It is read on every host chosen; equal ones are folded into one, and the odd ones out are seen at once.
            </p>
          </EmptyNote>
        )}
        {asked.output && shown && (
          <section aria-label="What the hosts have" className="config-found">
            <p className="config-sum" data-testid="config-sum">
              <b>{foldWords(groups)}</b>
            </p>
            {readable.note}
            <ComparedGroups
              groups={groups}
              texts={readable.texts}
              shown={shown}
              onPick={(key) => {
                setPicked(key);
                setEditing(null);
                setLevelling(null);
              }}
            />
            <FileHistory cluster={cluster} path={path} files={files} />
            {operate && levelling && (
              <section aria-label="Make them the same" className="config-plan">
                <h2>{levelling.draft.title}</h2>
                <StagedDraft
                  key={levelling.hosts.join(' ')}
                  cluster={cluster}
                  draft={levelling.draft}
                  saw={texts}
                  title="Make them the same"
                  leave="Leave them as they are"
                  onLeave={() => setLevelling(null)}
                />
              </section>
            )}
            {operate && editing === null && !levelling && (
              <div className="config-do">
                <Button
                  kind="primary"
                  disabled={asked.waiting}
                  onClick={() => setEditing(texts[shown.hash] ?? newFileText(path))}
                >
                  {shown.kind === 'file' ? 'Edit this text for all of them' : 'Write this file'}
                </Button>
                {level && (
                  <Button disabled={asked.waiting} onClick={() => setLevelling(level)}>
                    Apply in stages: give {count(level.hosts.length, 'host')} what most have
                  </Button>
                )}
                {shown.kind === 'file' && texts[shown.hash] === undefined && (
                  <span className="faint">It is not text, or larger than 256 KiB: it can only be replaced.</span>
                )}
              </div>
            )}
            {!operate && (
              <p className="faint">
                This cluster is only observed. Changing files needs the Operate mode, under{' '}
                <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
              </p>
            )}
            {editing !== null && (
              <Suspense fallback={<WaitNote what="Loading the editor…" />}>
                <EditFile
                  key={`${path} ${shown.key}`}
                  cluster={cluster}
                  path={path}
                  text={editing}
                  files={files}
                  texts={texts}
                  onLeave={() => setEditing(null)}
                />
              </Suspense>
            )}
          </section>
        )}
      </div>
    </>
  );
}
