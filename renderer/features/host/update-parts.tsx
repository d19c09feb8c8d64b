import type { HostUpdate, UpdateSlot } from '#shared/contract/update.ts';

const titles: Partial<Record<HostUpdate['agent'], string>> = {
  'update-engine': 'Slots',
  'rpm-ostree': 'Deployments',
  bootc: 'Images',
};

/** The places a system boots from; says so where they could not be read, and nothing for agents that have none. */
export function SlotsCard({ update }: { readonly update: HostUpdate }) {
  const title = titles[update.agent];
  if (!title) return null;
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      {update.slots.length === 0 ? (
        <p className="faint">They could not be read: that takes root’s rights, or the tools are not there.</p>
      ) : (
        <SlotTable slots={update.slots} />
      )}
    </section>
  );
}

function SlotTable({ slots }: { readonly slots: readonly UpdateSlot[] }) {
  const hasFlags = slots.some(({ priority }) => priority !== null);
  return (
    <table className="plain-table update-slots">
      <thead>
        <tr>
          <th>Name</th>
          <th>Version</th>
          <th>State</th>
          {hasFlags && (
            <>
              <th className="end">Priority</th>
              <th className="end">Tries</th>
              <th>Boots well</th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {slots.map((slot) => (
          <tr key={slot.name}>
            <td>{slot.name}</td>
            <td>{slot.version ?? <span className="faint">not known</span>}</td>
            <td>{slotWords(slot) || <span className="faint">kept</span>}</td>
            {hasFlags && (
              <>
                <td className="end">{slot.priority ?? '–'}</td>
                <td className="end">{slot.tries ?? '–'}</td>
                <td>{slot.good === null ? '–' : slot.good ? 'yes' : 'not proven'}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function slotWords({ booted, next, staged, pinned }: UpdateSlot): string {
  const words = [booted && 'booted', staged && 'staged', next && 'boots next', pinned && 'pinned'];
  return words.filter(Boolean).join(', ');
}

/** Packages that wait; null where the agent updates a system as a whole. */
export function PendingCard({ update }: { readonly update: HostUpdate }) {
  const { pending, agent } = update;
  if (!pending) {
    if (agent !== 'apt' && agent !== 'dnf') return null;
    return (
      <section className="card" aria-label="Packages">
        <h2>Packages</h2>
        <p className="faint">What waits could not be read.</p>
      </section>
    );
  }
  const { total, security, held, names } = pending;
  const more = total - names.length;
  return (
    <section className="card" aria-label="Packages">
      <h2>Packages</h2>
      <p>
        {total === 0
          ? 'No package waits, by what the host last downloaded.'
          : `${total} wait, ${security} for security.`}
        {held > 0 && ` ${held} held back.`}
      </p>
      {names.length > 0 && (
        <p className="faint mono update-names">
          {names.join(' ')}
          {more > 0 && ` and ${more} more`}
        </p>
      )}
    </section>
  );
}
