import { X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ChangeDraft } from '#shared/contract/change.ts';
import type { HostsOfUnit, UnitFilesOverHosts } from '#shared/contract/unit.ts';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { type Asked, useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useRecords } from '../../state/hooks.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { foldUnit, stateWords, unitOnHosts, variantsOf, variantWords } from './fold-unit.ts';
import { UnitDo } from './unit-do.tsx';
import { UnitGroups } from './unit-groups.tsx';
import { UnitVariants } from './unit-variants.tsx';
import { usePolled } from '../../state/use-polled.ts';

const everyMs = 2000;
const settleMs = 500;
const manyHosts = 100;
const noTexts: Readonly<Record<string, string>> = {};

/** One unit over the fleet: on which hosts it is how, what it is made of there, and what can be done with it on some of them. */
export function UnitOverHosts({ cluster, unit }: { readonly cluster: string; readonly unit: string }) {
  const { router } = useConsole();
  const live = usePolled('unit.hosts', { unit }, everyMs);
  const known = live.output;
  const files = useFiles(unit, known);
  const hosts = useMemo(() => (known ? unitOnHosts(known, files.output) : []), [known, files.output]);
  const groups = useMemo(() => foldUnit(hosts), [hosts]);
  const variants = useMemo(() => variantsOf(hosts), [hosts]);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [removal, setRemoval] = useState<ChangeDraft | null>(null);
  const words = variantWords(hosts);
  return (
    <section className="unit-over" aria-label={`${unit} over the fleet`}>
      <header>
        <h2 className="cut mono" title={unit}>
          {unit}
        </h2>
        <CopyButton text={unit} name="Copy the unit's name" />
        <IconButton name="Close the unit (Esc)" onClick={() => router.replace({ view: 'units', cluster, unit: null })}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="unit-over-body">
        {live.problem && <ProblemNote problem={live.problem} />}
        {!known && !live.problem && <WaitNote what={`Looking for ${unit} on every host…`} />}
        {known && (
          <>
            <p className="unit-over-sum" data-testid="unit-sum">
              <b>{stateWords(hosts)}</b>
              {words !== '' && <span> · unit files: {words}</span>}
            </p>
            {files.problem && <ProblemNote problem={files.problem} />}
            {files.waiting && !files.output && <WaitNote what="Reading its files on the hosts…" />}
            <UnitGroups
              cluster={cluster}
              unit={unit}
              groups={groups}
              variants={variants}
              ticked={ticked}
              onTick={setTicked}
            />
            <UnitDo
              cluster={cluster}
              unit={unit}
              hosts={hosts}
              ticked={ticked}
              onRemoval={(draft) => setRemoval(draft)}
            />
            {removal && (
              <section className="unit-over-removal" aria-label="Removal">
                <h3>{removal.title}</h3>
                <StagedDraft
                  key={JSON.stringify(removal.parts)}
                  cluster={cluster}
                  draft={removal}
                  saw={noTexts}
                  title="Remove the drop-in"
                  leave="Leave the drop-in"
                  onLeave={() => setRemoval(null)}
                />
              </section>
            )}
            {files.output && <UnitVariants cluster={cluster} variants={variants} texts={files.output.variants} />}
          </>
        )}
      </div>
    </section>
  );
}

/**
 * What the unit is made of on every host that ever answered: read when the unit is opened, when another host comes, and when
 * systemd says that unit files changed; not with each look at its state. What was read stays while it is read again.
 */
function useFiles(unit: string, known: HostsOfUnit | null): Asked<UnitFilesOverHosts> {
  const [hosts, setHosts] = useState<readonly string[]>([]);
  const [read, setRead] = useState<UnitFilesOverHosts | null>(null);
  const now = known ? [...known.hosts.map(({ host }) => host), ...known.without] : [];
  const all = new Set([...hosts, ...now]);
  if (all.size > hosts.length) setHosts([...all].toSorted());
  const files = useQuery('unit.files', hosts.length > 0 ? { unit, hosts: [...hosts] } : null);
  if (files.output && files.output !== read) setRead(files.output);
  useFilesChanged(files.again, hosts.length > manyHosts ? 4 * settleMs : settleMs);
  return { ...files, output: files.output ?? read };
}

/** Calls `again` a while after systemd of any host said that unit files changed. */
function useFilesChanged(again: () => void, waitMs: number): void {
  const hosts = useRecords('host');
  const changes = useMemo(() => {
    let sum = 0;
    for (const { units } of hosts.values()) sum += units?.filesChanged ?? 0;
    return sum;
  }, [hosts]);
  const read = useRef(changes);
  useEffect(() => {
    if (read.current === changes) return undefined;
    // A reload is told more than once, and a change reloads many hosts; the last word counts.
    const timer = setTimeout(() => {
      read.current = changes;
      again();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [changes, again, waitMs]);
}
