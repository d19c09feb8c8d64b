import { useState } from 'react';
import type { UnitVerb } from '#shared/contract/unit.ts';
import { useConsole } from '../../state/console.ts';
import { usePreference, useQuietSince, useSection } from '../../state/hooks.ts';
import { plainUnits, type UnitQuery } from '../../state/routes.ts';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { UnitDetail } from './unit-detail.tsx';
import { countActive } from './unit-order.ts';
import { UnitsList } from './units-list.tsx';
import { UnitsToolbar } from './units-toolbar.tsx';
import { useUnits } from './use-units.ts';
import './units.css';

/** Every unit of a host, live, and one of them in detail beside the list. */
export function UnitsTab({
  cluster,
  host,
  unit,
  filter = plainUnits,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly unit: string | null;
  readonly filter?: UnitQuery | undefined;
}) {
  const { router } = useConsole();
  const { units, problem } = useUnits(host);
  const [, rememberType] = usePreference('unitTypes');
  const [asked, setAsked] = useState<{ readonly unit: string; readonly verb: UnitVerb; readonly times: number } | null>(
    null,
  );
  const [before, setBefore] = useState(unit);
  if (before !== unit) {
    setBefore(unit);
    // Coming back to the unit later asks for nothing.
    if (asked?.unit !== unit) setAsked(null);
  }
  const address = (unit: string | null, units = filter) =>
    ({ view: 'host', cluster, host, tab: 'units', unit, units }) as const;
  const setFilter = (change: Partial<UnitQuery>) => {
    if (change.type !== undefined) rememberType(change.type);
    router.replace(address(unit, { ...filter, ...change }));
  };
  const link = useSection('host', host, 'link');
  const quietSince = useQuietSince(host);
  const unfollowed = units === null && link?.units === 'none' && link.unitsReason !== '';
  // The host answers, but of its units nothing is heard any more.
  const cutOff = units !== null && quietSince === null && link?.units === 'none';
  const [detailWidth, setDetailWidth] = usePreference('detailWidth');
  return (
    <SplitPane
      width={Math.max(detailWidth, 460)}
      onWidth={setDetailWidth}
      label="Unit"
      detail={
        unit === null ? null : (
          <UnitDetail
            key={unit}
            cluster={cluster}
            host={host}
            name={unit}
            live={units?.get(unit)}
            old={quietSince !== null || cutOff}
            quietSince={quietSince}
            asked={asked?.unit === unit ? asked : null}
            onClose={() => router.replace(address(null))}
          />
        )
      }
    >
      <UnitsToolbar
        filter={filter}
        counts={units ? countActive(units.values(), filter) : new Map()}
        onChange={setFilter}
      />
      {problem && <ProblemNote problem={problem} />}
      {cutOff && (
        <p className="units-note" role="status">
          These are the last states heard: {link?.unitsReason || 'the units are not followed now'}
        </p>
      )}
      {link?.units === 'systemctl' && <p className="units-note">Polled, not pushed: {link.unitsReason}</p>}
      {unfollowed && (
        <EmptyNote title={`The units of ${host} are not followed`}>
          <p>{link?.unitsReason}</p>
        </EmptyNote>
      )}
      {units === null && !problem && !unfollowed && (
        <WaitNote
          what={link?.state === 'up' ? `Reading the units of ${host}…` : `Waiting for ${host}: ${link?.reason ?? ''}`}
        />
      )}
      {units && (
        <div className={`units-list ${quietSince !== null || cutOff ? 'not-live' : ''}`} data-testid="units-list">
          <UnitsList
            host={host}
            units={units}
            filter={filter}
            open={unit}
            quietSince={quietSince}
            address={address}
            onAct={(name, verb) => {
              router.replace(address(name));
              setAsked({ unit: name, verb, times: (asked?.times ?? 0) + 1 });
            }}
          />
        </div>
      )}
    </SplitPane>
  );
}
