import { useState } from 'react';
import { useOperate } from '../state/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyNote } from '../ui/notes.tsx';
import { count, some } from '../words/amounts.ts';

/** How hosts are called in a title: by the name of one, or by how many they are. */
export function nounOf(hosts: readonly string[]): string {
  return hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
}

/**
 * Something is done on one or many hosts: it is chosen in the fields, its plan is read and confirmed, what comes of it is
 * watched. Each change of a field has to be told to `changed`, which takes the plan away again.
 */
export function ActOnHosts({
  hosts,
  title,
  width,
  formClass,
  ready,
  renderFields,
  renderBelow,
  renderConfirm,
  renderOutcomes,
  onClose,
}: {
  readonly hosts: readonly string[];
  readonly title: string;
  readonly width: number;
  readonly formClass: string;
  /** Whether enough is said to plan it. */
  readonly ready: boolean;
  readonly renderFields: (changed: () => void) => React.ReactNode;
  readonly renderBelow?: (changed: () => void) => React.ReactNode;
  readonly renderConfirm: (close: () => void, started: (action: string) => void) => React.ReactNode;
  readonly renderOutcomes: (action: string) => React.ReactNode;
  readonly onClose: () => void;
}) {
  const operate = useOperate();
  const [planned, setPlanned] = useState(false);
  const [action, setAction] = useState<string | null>(null);
  const changed = () => setPlanned(false);
  return (
    <Dialog
      title={title}
      about={hosts.length > 1 ? some(hosts, 6) : undefined}
      width={width}
      onClose={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {!operate && (
        <EmptyNote title="This cluster is only observed">
          <p>Nothing on its hosts can be changed from here. The mode is under Settings.</p>
        </EmptyNote>
      )}
      {operate && (
        <form
          className={formClass}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) setPlanned(true);
          }}
        >
          {renderFields(changed)}
          <Button type="submit" disabled={!ready || planned}>
            Show the plan
          </Button>
        </form>
      )}
      {operate && renderBelow?.(changed)}
      {operate && planned && ready && renderConfirm(changed, setAction)}
      {action !== null && renderOutcomes(action)}
    </Dialog>
  );
}
