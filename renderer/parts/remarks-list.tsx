import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';
import type { FileRemark } from './file-remarks.ts';
import './remarks-list.css';

const shown = 5;

/** What is said of a text at its lines, in words, for whoever does not hover over the lines; nothing where nothing is said. */
export function RemarksList({ remarks }: { readonly remarks: readonly FileRemark[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul className="remarks-list" aria-label="Remarks">
      {remarks.slice(0, shown).map(({ line, text: words, level }) => (
        <li key={`${line} ${words}`}>
          <SignMark tone={level === 'error' ? 'bad' : 'attention'} shape={level === 'error' ? 'cross' : 'triangle'} />{' '}
          Line {line}: {words}
        </li>
      ))}
      {remarks.length > shown && <li className="faint">{count(remarks.length - shown, 'more remark')}</li>}
    </ul>
  );
}
