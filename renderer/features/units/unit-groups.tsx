import { useState } from 'react';
import { printRoute } from '../../state/routes.ts';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count, some } from '../../words/amounts.ts';
import { type Sign, unitSign } from '../../words/states.ts';
import type { UnitGroup, UnitOnHost, variantsOf } from './fold-unit.ts';
import { variantName } from './variant-name.ts';

const mostUnfolded = 200;

interface UnitGroupsProps {
  readonly cluster: string;
  readonly unit: string;
  readonly groups: readonly UnitGroup[];
  readonly variants: ReturnType<typeof variantsOf>;
  /** Hosts chosen for what is done next; none means all. */
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (ticked: ReadonlySet<string>) => void;
}

/** The hosts of a unit, folded by its state and its files; a group or single hosts of it can be ticked. */
export function UnitGroups({ cluster, unit, groups, variants, ticked, onTick }: UnitGroupsProps) {
  const [open, setOpen] = useState<string | null>(null);
  const tick = (hosts: readonly UnitOnHost[], on: boolean) => {
    const next = new Set(ticked);
    for (const { host } of hosts) {
      if (on) next.add(host);
      else next.delete(host);
    }
    onTick(next);
  };
  return (
    <table className="plain-table unit-groups" aria-label="Hosts by state and files">
      <thead>
        <tr>
          <th>
            <span className="unseen">Ticked</span>
          </th>
          <th>Hosts</th>
          <th>State</th>
          <th>Files</th>
          <th>Which</th>
        </tr>
      </thead>
      {groups.map((group) => {
        const { key, state, variant, hosts } = group;
        const names = hosts.map(({ host }) => host);
        const on = names.filter((host) => ticked.has(host)).length;
        const reason = hosts[0]?.reason;
        const behind = hosts.filter(({ needDaemonReload }) => needDaemonReload).length;
        const busy = hosts.filter(({ job }) => job !== '').length;
        return (
          <tbody key={key}>
            <tr>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Tick ${count(names.length, 'host')} ${state}: ${some(names, 2)}`}
                  checked={on === names.length}
                  ref={(box) => {
                    if (box) box.indeterminate = on > 0 && on < names.length;
                  }}
                  onChange={(event) => tick(hosts, event.target.checked)}
                />
              </td>
              <td>
                <button
                  type="button"
                  className="link-button"
                  aria-expanded={open === key}
                  onClick={() => setOpen(open === key ? null : key)}
                >
                  {names.length.toLocaleString('en')}
                  <span className="unseen">{names.length === 1 ? ' host: show it' : ' hosts: show them'}</span>
                </button>
              </td>
              <td>
                <SignWord sign={signOf(state)} />
              </td>
              <td>{variant === null ? <span className="faint">—</span> : variantName(variants, variant)}</td>
              <td title={names.join(' ')}>
                {some(names, 4)}
                {reason && <span className="faint"> {reason.message}</span>}
                {behind > 0 && <span className="unit-behind"> {count(behind, 'host')} still to reload its files</span>}
                {busy > 0 && <span className="faint"> {busy} with a job</span>}
              </td>
            </tr>
            {open === key && (
              <tr>
                <td colSpan={5}>
                  <ul className="unit-hosts">
                    {hosts.slice(0, mostUnfolded).map((one) => (
                      <li key={one.host}>
                        <input
                          type="checkbox"
                          aria-label={`Tick ${one.host}`}
                          checked={ticked.has(one.host)}
                          onChange={(event) => tick([one], event.target.checked)}
                        />
                        <a href={printRoute({ view: 'host', cluster, host: one.host, tab: 'units', unit })}>
                          {one.host}
                        </a>{' '}
                        <span className="faint">{one.sub !== state && one.sub}</span>
                      </li>
                    ))}
                  </ul>
                  {hosts.length > mostUnfolded && (
                    <p className="faint">and {(hosts.length - mostUnfolded).toLocaleString('en')} more</p>
                  )}
                </td>
              </tr>
            )}
          </tbody>
        );
      })}
    </table>
  );
}

function signOf(state: string): Sign {
  if (state === 'masked') return { tone: 'purpose', shape: 'pause', word: state };
  if (state === 'not there') return { tone: 'away', shape: 'slash', word: state };
  if (state === 'not loaded' || state === 'not known') return { tone: 'unknown', shape: 'question', word: state };
  return unitSign(state);
}
