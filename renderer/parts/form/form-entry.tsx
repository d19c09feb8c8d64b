import { ChevronRight, Trash2 } from 'lucide-react';
import { use, useState } from 'react';
import type { FormEntry, FormField, ValueField } from '#shared/lib/form/form.ts';
import { IconButton } from '../../ui/button.tsx';
import { count } from '../../words/amounts.ts';
import { FormAddButton } from './form-add.tsx';
import { FormList } from './form-list.tsx';
import { FormValue } from './form-value.tsx';
import { ReadOnlyForm } from './read-only.ts';

interface Props {
  readonly entry: FormEntry;
  readonly onText: (text: string) => void;
  readonly onJump: (line: number) => void;
}

/** One thing that a document says, folded: a user, a unit, a file, with what lies in it. */
export function FoldedEntry({ entry, open, ...rest }: Props & { readonly open: boolean }) {
  const [isOpen, setOpen] = useState(open);
  return (
    <section className="form-entry" aria-label={entry.title}>
      <header>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ChevronRight size={13} aria-hidden="true" />
          <span className="form-title mono">{entry.title}</span>
          {!isOpen && <span className="form-sum cut">{summaryOf(entry)}</span>}
        </button>
        <EntryDoors entry={entry} {...rest} />
      </header>
      {isOpen && <EntryBody entry={entry} {...rest} />}
    </section>
  );
}

function InnerEntry({ entry, ...rest }: Props) {
  return (
    <section className="form-inner" aria-label={entry.title}>
      <header>
        <h4 className="mono">{entry.title}</h4>
        {entry.page && <span className="field-hint">{entry.page}</span>}
        <EntryDoors entry={entry} {...rest} />
      </header>
      <EntryBody entry={entry} {...rest} />
    </section>
  );
}

function EntryDoors({ entry, onText, onJump }: Props) {
  const { line, remove } = entry;
  const readOnly = use(ReadOnlyForm);
  return (
    <span className="form-doors">
      {line !== null && (
        <button type="button" className="link-button" onClick={() => onJump(line)}>
          Line {line}
        </button>
      )}
      {remove && !readOnly && (
        <IconButton
          name={remove.label}
          onClick={() => {
            const made = remove.write();
            if (typeof made === 'string') onText(made);
          }}
        >
          <Trash2 size={13} aria-hidden="true" />
        </IconButton>
      )}
    </span>
  );
}

const few = 5;
/** So many more are not worth a click. */
const spare = 2;

function EntryBody({ entry, ...rest }: Props) {
  const { fields, note } = entry;
  const readOnly = use(ReadOnlyForm);
  const { entries, adds } = entry.within();
  // What is shown stays shown: a field must not go while it is typed in.
  const [first] = useState(() => new Set(fields.filter((field, at) => at < few || isSaid(field)).map(({ id }) => id)));
  const [all, setAll] = useState(false);
  const inLine = fields.filter(({ kind }) => kind !== 'block');
  const some = inLine.filter((field) => first.has(field.id) || isSaid(field));
  const seen = all || inLine.length - some.length <= spare ? inLine : some;
  const hidden = inLine.length - seen.length;
  return (
    <div className="form-body">
      {note && <p className="field-hint">{note}</p>}
      {seen.length > 0 && (
        <fieldset className="form-fields" disabled={readOnly}>
          {seen.map((field) => (
            <div key={field.id} className={field.kind === 'list' && field.wide ? 'form-wide' : undefined}>
              {field.kind === 'list' ? (
                <FormList field={field} onText={rest.onText} />
              ) : (
                <FormValue field={field} onText={rest.onText} />
              )}
            </div>
          ))}
        </fieldset>
      )}
      {hidden > 0 && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          Show {count(hidden, 'more setting')}
        </button>
      )}
      {entries.map((inner) => (
        <InnerEntry key={inner.id} entry={inner} {...rest} />
      ))}
      {fields
        .filter((field): field is ValueField => field.kind === 'block')
        .map((field) => (
          <details key={field.id} className="form-as-text">
            <summary>{field.label} as text</summary>
            <fieldset disabled={readOnly}>
              <FormValue field={field} onText={rest.onText} />
            </fieldset>
          </details>
        ))}
      {adds.length > 0 && !readOnly && (
        <div className="form-adds">
          {adds.map((add) => (
            <FormAddButton key={add.id} add={add} onText={rest.onText} />
          ))}
        </div>
      )}
    </div>
  );
}

function isSaid(field: FormField): boolean {
  return field.kind === 'list' ? field.values.length > 0 : field.value !== null;
}

/** The first things that an entry says, in one line; what is secret or long is only named. */
function summaryOf({ fields }: FormEntry): string {
  return fields
    .filter((field) => isSaid(field) && field.label !== 'Name')
    .map((field) => {
      if (field.kind === 'list') {
        const wrong = field.values.filter((value) => field.check(value) !== null).length;
        return `${count(field.values.length, field.one)}${wrong > 0 ? `, ${wrong} not valid` : ''}`;
      }
      if (field.kind === 'secret' || field.kind === 'block') return field.label.toLowerCase();
      return field.value === 'true' ? field.label.toLowerCase() : `${field.label.toLowerCase()} ${field.value}`;
    })
    .slice(0, 4)
    .join(' · ');
}
