import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { useConsole } from '../state/console.ts';
import { IconButton } from '../ui/button.tsx';
import { ProblemNote } from '../ui/notes.tsx';
import './notice-list.css';

/** Failures that have no better place, each until it is put away. */
export function NoticeList() {
  const { notices } = useConsole();
  const all = useStore(notices.store, (state) => state.notices);
  if (all.length === 0) return null;
  return (
    <div className="notice-list">
      {all.map(({ id, what, problem }) => (
        <div key={id} className="notice">
          <ProblemNote problem={{ ...problem, message: `${what} failed: ${problem.message}` }} />
          <IconButton name="Put away" onClick={() => notices.dismiss(id)}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
