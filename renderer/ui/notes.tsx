import { SignMark } from './sign-mark.tsx';
import './notes.css';

/** What to read where there is nothing to show: what would be here, why it is not, and what to do. */
export function EmptyNote({ title, children }: { readonly title: string; readonly children?: React.ReactNode }) {
  return (
    <div className="empty-note">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What is being waited for, in words; `onCancel` when the wait can be given up. */
export function WaitNote({ what, onCancel }: { readonly what: string; readonly onCancel?: () => void }) {
  return (
    <div className="wait-note" role="status">
      <SignMark tone="moving" shape="dots" />
      <span>{what}</span>
      {onCancel && (
        <button type="button" className="link-button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

/** What went wrong, where, and what to do next. */
export function ProblemNote({
  problem,
  children,
}: {
  readonly problem: {
    readonly message: string;
    readonly host?: string | undefined;
    readonly hint?: string | undefined;
    readonly place?: { readonly file: string; readonly line: number; readonly column?: number | undefined } | undefined;
  };
  readonly children?: React.ReactNode;
}) {
  const { place } = problem;
  return (
    <div className="problem-note" role="alert">
      <SignMark tone="bad" shape="cross" />
      <div>
        <p>
          {problem.host && !beginsWith(problem.message, problem.host) && <strong>{problem.host}: </strong>}
          {problem.message}
        </p>
        {place && (
          <p className="faint mono">
            {place.file === '' ? `line ${place.line}` : `${place.file}:${place.line}`}
            {place.column === undefined ? '' : place.file === '' ? `, column ${place.column}` : `:${place.column}`}
          </p>
        )}
        {problem.hint && <p className="problem-hint">{problem.hint}</p>}
        {children}
      </div>
    </div>
  );
}

/** `web-1` does not begin a sentence about `web-10`. */
function beginsWith(message: string, host: string): boolean {
  return message.startsWith(`${host} `) || message.startsWith(`${host}:`);
}
