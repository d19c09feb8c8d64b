import { TextField } from '../../ui/field.tsx';
import type { ReadAttributes, TypedAttributes } from './read-attributes.ts';

/** Mode and owner of the file, where they are to become others than each host has. */
export function EditedAttributes({
  attributes,
  read,
  onChange,
}: {
  readonly attributes: TypedAttributes;
  readonly read: ReadAttributes;
  readonly onChange: (attributes: TypedAttributes) => void;
}) {
  return (
    <div className="config-attributes">
      <TextField
        label="Mode"
        placeholder="as it is"
        hint="644 for a new file."
        value={attributes.mode}
        error={read.modeProblem}
        onChange={(event) => onChange({ ...attributes, mode: event.target.value })}
      />
      <TextField
        label="Owner"
        placeholder="as it is"
        hint="0:0 for a new file."
        value={attributes.owner}
        error={read.ownerProblem}
        onChange={(event) => onChange({ ...attributes, owner: event.target.value })}
      />
    </div>
  );
}
