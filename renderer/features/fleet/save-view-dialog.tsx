import { useState } from 'react';
import { useDo } from '../../state/calls.ts';
import { usePreference, useRoute, useSection } from '../../state/hooks.ts';
import { plainFleet } from '../../state/routes.ts';
import { shownColumns } from '../../state/saved-views.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';

/** Gives the fleet as it is filtered, grouped, sorted and laid out now a name to come back to. */
export function SaveViewDialog({ onClose }: { readonly onClose: () => void }) {
  const route = useRoute();
  const [choice] = usePreference('fleetColumns');
  const views = useSection('app', '', 'views') ?? [];
  const query = route.view === 'fleet' ? route.query : plainFleet;
  const [name, setName] = useState('');
  const save = useDo('views.save');
  const replaces = views.some((view) => view.name === name.trim());
  const submit = async () => {
    const { filter, layout, groupBy, sort } = query;
    const columns = [...shownColumns(choice)];
    if (await save.run({ name: name.trim(), filter, layout, groupBy, sort, columns })) onClose();
  };
  return (
    <Dialog
      title="Save this as a view"
      about={query.filter === '' ? 'All hosts, as they are grouped and sorted now.' : <code>{query.filter}</code>}
      width={440}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={name.trim() === '' || save.busy} onClick={() => void submit()}>
            {replaces ? 'Replace the view' : 'Save the view'}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label="Name"
          autoFocus
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
      {save.problem && <ProblemNote problem={save.problem} />}
    </Dialog>
  );
}
