import { useEffect, useState } from 'react';
import type { AuthPrompt } from '#shared/contract/cluster.ts';
import { cleanText } from '#shared/lib/clean-text.ts';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField, Tick } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import './prompts.css';

// A wrong answer is asked for again within this time; the dialog stays open for it.
const settleMs = 2500;

/** What only a person can answer: passphrases, passwords and what servers ask, one after the other. */
export function PromptsDialog({ onClose }: { readonly onClose: () => void }) {
  const prompts = useSection('cluster', '', 'prompts') ?? [];
  const [first] = prompts;
  const [answered, setAnswered] = useState(false);
  const over = answered && !first;
  useEffect(() => {
    if (!over) return undefined;
    const timer = setTimeout(onClose, settleMs);
    return () => clearTimeout(timer);
  }, [over, onClose]);
  return (
    <Dialog
      title={first?.title ?? (answered ? 'Answered' : 'Nothing is asked')}
      about={
        first && `For ${some(first.hosts, 4)}${prompts.length > 1 ? ` · ${prompts.length - 1} more after this` : ''}`
      }
      width={480}
      onClose={onClose}
    >
      {first ? (
        <PromptForm key={`${first.id} ${first.error}`} prompt={first} onAnswered={() => setAnswered(true)} />
      ) : answered ? (
        <WaitNote what="Trying the answer…" />
      ) : (
        <EmptyNote title="No host waits for an answer" />
      )}
    </Dialog>
  );
}

function PromptForm({ prompt, onAnswered }: { readonly prompt: AuthPrompt; readonly onAnswered: () => void }) {
  const [answers, setAnswers] = useState<readonly string[]>(() => prompt.fields.map(() => ''));
  const [remember, setRemember] = useState(false);
  const answer = useDo('prompt.answer');
  const send = async (answers: readonly string[] | null) => {
    const done = await answer.run({ id: prompt.id, answers: answers && [...answers], remember });
    if (done) onAnswered();
  };
  return (
    <form
      className="prompt-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send(answers);
      }}
    >
      {prompt.instructions && (
        <blockquote className="prompt-words">
          <p className="faint">The server says:</p>
          {cleanText(prompt.instructions)}
        </blockquote>
      )}
      {prompt.error && <ProblemNote problem={{ message: prompt.error }} />}
      {prompt.fields.map((field, index) => (
        <TextField
          key={`${prompt.id} ${field.label}`}
          label={cleanText(field.label)}
          type={field.secret ? 'password' : 'text'}
          autoFocus={index === 0}
          value={answers[index] ?? ''}
          onChange={(event) => setAnswers(answers.with(index, event.target.value))}
        />
      ))}
      {prompt.canRemember && (
        <Tick label="Remember it in this console's vault" checked={remember} onChange={setRemember} />
      )}
      {answer.problem && <ProblemNote problem={answer.problem} />}
      <div className="prompt-buttons">
        <Button disabled={answer.busy} onClick={() => void send(null)}>
          Leave {prompt.hosts.length === 1 ? 'this host' : count(prompt.hosts.length, 'host')} unconnected
        </Button>
        <Button type="submit" kind="primary" disabled={answer.busy}>
          Answer
        </Button>
      </div>
    </form>
  );
}
