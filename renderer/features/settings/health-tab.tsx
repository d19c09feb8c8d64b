import { useState } from 'react';
import { type ClusterAbout, thresholdConflicts, type Thresholds, thresholds } from '#shared/contract/cluster.ts';
import { useDo } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';

interface Row {
  readonly field: keyof Thresholds;
  readonly label: string;
  readonly hint: string;
}

const rows: readonly Row[] = [
  { field: 'cpuAttentionPercent', label: 'CPU, attention (%)', hint: 'Busy CPU over this asks for attention.' },
  {
    field: 'memoryAttentionPercent',
    label: 'Memory, attention (%)',
    hint: 'Used memory over this asks for attention.',
  },
  { field: 'memoryFailingPercent', label: 'Memory, failing (%)', hint: 'Used memory over this counts as failing.' },
  { field: 'diskAttentionPercent', label: 'Disk, attention (%)', hint: 'A file system fuller than this.' },
  { field: 'diskFailingPercent', label: 'Disk, failing (%)', hint: 'A file system fuller than this.' },
  { field: 'inodesAttentionPercent', label: 'Inodes, attention (%)', hint: 'More inodes used than this.' },
  { field: 'pressureAttentionPercent', label: 'Pressure, attention (%)', hint: 'Part of time that tasks stalled.' },
  { field: 'clockAttentionMs', label: 'Clock, attention (ms)', hint: 'Difference to the clock of this console.' },
  { field: 'silentSeconds', label: 'Silence (s)', hint: 'A host quiet for longer is not shown as live.' },
  { field: 'holdSeconds', label: 'Hold (s)', hint: 'A figure must stay over its threshold this long.' },
];

/** When a figure becomes a reason: written to the cluster file, so that a team shares it. */
export function HealthTab({ about }: { readonly about: ClusterAbout }) {
  const [texts, setTexts] = useState<Partial<Record<keyof Thresholds, string>>>({});
  const save = useDo('clusters.set-thresholds');
  const changed = rows.flatMap(({ field }): [keyof Thresholds, number][] => {
    const text = texts[field];
    return text === undefined || text.trim() === '' || Number(text) === about.thresholds[field]
      ? []
      : [[field, Number(text)]];
  });
  const problems = new Map(
    changed.flatMap(([field, value]) => {
      const parsed = thresholds.shape[field].safeParse(value);
      return parsed.success ? [] : [[field, parsed.error.issues[0]?.message ?? 'not a number'] as const];
    }),
  );
  if (problems.size === 0 && changed.length > 0)
    for (const { field, words } of thresholdConflicts({ ...about.thresholds, ...Object.fromEntries(changed) }))
      problems.set(field, words);
  const submit = async () => {
    const done = await save.run({ id: about.id, thresholds: Object.fromEntries(changed) });
    if (done) setTexts({});
  };
  return (
    <div className="page">
      <form
        className="page-column settings-column"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="faint">
          These become <code>health:</code> in the cluster file; comments and order of the file stay as they are.
        </p>
        <div className="settings-grid">
          {rows.map(({ field, label, hint }) => (
            <TextField
              key={field}
              label={label}
              hint={hint}
              inputMode="decimal"
              value={texts[field] ?? String(about.thresholds[field])}
              error={problems.get(field)}
              onChange={(event) => setTexts({ ...texts, [field]: event.target.value })}
            />
          ))}
        </div>
        {save.problem && <ProblemNote problem={save.problem} />}
        <div className="settings-buttons">
          <Button type="submit" kind="primary" disabled={changed.length === 0 || problems.size > 0 || save.busy}>
            Save the thresholds
          </Button>
          {changed.length > 0 && (
            <Button kind="quiet" onClick={() => setTexts({})}>
              Undo the changes
            </Button>
          )}
        </div>
      </form>
    </div>
  );
}
