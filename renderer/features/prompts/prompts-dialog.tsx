import { useState } from 'react';
import type { AuthPrompt } from '#shared/contract/cluster.ts';
import { cleanText } from '#shared/lib/clean-text.ts';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField, Tick } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import './prompts.css';

/** What only a person can answer: passphrases, passwords and what servers ask, one after the other. */
export function PromptsDialog({ onClose }: { readonly onClose: () => void }) {
  const prompts = useSection('cluster', '', 'prompts') ?? [];
  const [first] = prompts;
  return (
    <Dialog
      title={first?.title ?? 'Nothing is asked'}
      about={
        first && `For ${some(first.hosts, 4)}${prompts.length > 1 ? ` · ${prompts.length - 1} more after this` : ''}`
      }
      width={480}
      onClose={onClose}
    >
      {first ? (
        <PromptForm key={first.id} prompt={first} last={prompts.length === 1} onClose={onClose} />
      ) : (
        <EmptyNote title="No host waits for an answer" />
      )}
    </Dialog>
  );
}

function PromptForm({
  prompt,
  last,
  onClose,
}: {
  readonly prompt: AuthPrompt;
  readonly last: boolean;
  readonly onClose: () => void;
}) {
  const [answers, setAnswers] = useState<readonly string[]>(() => prompt.fields.map(() => ''));
  const [remember, setRemember] = useState(false);
  const answer = useDo('prompt.answer');
  const send = async (answers: readonly string[] | null) => {
    const done = await answer.run({ id: prompt.id, answers: answers && [...answers], remember });
    if (done && last) onClose();
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
