import { lazy, Suspense, useState } from 'react';
import { clusterId } from '#shared/contract/ids.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { plainFleet } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';

const ClusterFileEditor = lazy(async () => ({
  default: (await import('../../parts/cluster-file-editor.tsx')).ClusterFileEditor,
}));

const example = `# A cluster of Quarterdeck. Passwords and passphrases never go here: they are asked for.
name: My fleet
colour: teal

# observe: nothing can be changed from the window. operate: it can, and every change is shown first.
mode: observe

# Counts for every host below that does not say otherwise; the rest comes from ~/.ssh/config.
ssh:
  user: core

hosts:
  - name: web-01
    address: 10.0.0.11
    labels: {role: web}
`;

/** Writes a new cluster file by hand, checked as it is written. */
export function FileDoor() {
  const { router } = useConsole();
  const [id, setId] = useState('my-fleet');
  const [text, setText] = useState(example);
  const create = useDo('clusters.create');
  const valid = clusterId.safeParse(id).success;
  const submit = async () => {
    const made = await create.run({ id, text });
    if (made) router.go({ view: 'fleet', cluster: made.id, query: plainFleet });
  };
  return (
    <>
      <TextField
        label="Name of the file"
        value={id}
        hint={`${id || '…'}.yaml in the console's folder of clusters`}
        error={valid || id === '' ? undefined : 'Lower-case letters, digits, dots and dashes only.'}
        onChange={(event) => setId(event.target.value)}
      />
      <Suspense fallback={<WaitNote what="Loading the editor…" />}>
        <div className="add-editor">
          <ClusterFileEditor text={text} onText={setText} onSave={() => void submit()} />
        </div>
      </Suspense>
      {create.problem && <ProblemNote problem={create.problem} />}
      <div className="add-buttons">
        <Button kind="primary" disabled={!valid || create.busy} onClick={() => void submit()}>
          Make the cluster
        </Button>
      </div>
    </>
  );
}
