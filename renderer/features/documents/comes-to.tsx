import { stepCommand } from '#shared/lib/change/step-command.ts';
import type { DocumentFormat, RenderedDocument } from '#shared/contract/document.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { MachineText } from '../../ui/machine-text.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';

/** What a document comes to on a running host, what is wrong with it, and what only a first boot would do. */
export function ComesTo({
  rendered,
  format,
  onJump,
}: {
  readonly rendered: RenderedDocument;
  readonly format: DocumentFormat;
  readonly onJump: (line: number) => void;
}) {
  const { files, actions, firstBoot, problems } = rendered;
  return (
    <>
      {problems.length > 0 && (
        <section className="document-part" aria-label="Problems">
          <h2>{count(problems.length, 'problem')}</h2>
          <ul className="document-problems">
            {problems.map(({ message, hint, place }) => (
              <li key={`${place?.line} ${place?.column} ${message}`}>
                <SignMark tone="bad" shape="cross" size={11} />
                <span>
                  {place && !place.file.endsWith('(targets)') && (
                    <button type="button" className="link-button" onClick={() => onJump(place.line)}>
                      Line {place.line}
                    </button>
                  )}{' '}
                  {place?.file.endsWith('(targets)') && 'Which hosts: '}
                  {message}
                  {hint && <span className="faint">. {hint}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="document-part" aria-label="What it comes to">
        <h2>What it comes to on each of them</h2>
        {files.length === 0 && actions.length === 0 && <p className="faint">Nothing on a running host.</p>}
        <ul className="document-files">
          {files.map((file) => (
            <li key={file.path}>
              {format === 'file' || file.content === null ? (
                <FileLine file={file} />
              ) : (
                <details>
                  <summary>
                    <FileLine file={file} />
                  </summary>
                  <MachineText text={file.content} label={`What is in ${file.path}`} />
                </details>
              )}
            </li>
          ))}
        </ul>
        {actions.length > 0 && (
          <>
            <p className="document-then">Then, where something changed</p>
            <ol className="document-actions">
              {actions.map((action) => (
                <li key={stepCommand(action)}>
                  <code>{stepCommand(action)}</code>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
      {firstBoot.length > 0 && (
        <section className="document-part" aria-label="Only for first boot">
          <h2>Only for first boot</h2>
          <p className="faint">A running host is neither compared with these nor changed by them.</p>
          <ul className="document-first">
            {firstBoot.map(({ what, why, line }) => (
              <li key={`${line} ${what}`}>
                <button type="button" className="link-button" onClick={() => onJump(line)}>
                  {cleanLine(what)}
                </button>{' '}
                <span className="faint">{why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function FileLine({ file }: { readonly file: RenderedDocument['files'][number] }) {
  const { path, content, mode, owner } = file;
  const attributes = [mode && `mode ${mode}`, owner && `owner ${owner.uid}:${owner.gid}`].filter(Boolean).join(', ');
  return (
    <>
      <code>{cleanLine(path)}</code>{' '}
      <span className="faint">{content === null ? 'removed' : attributes || 'mode and owner as they are'}</span>
    </>
  );
}
