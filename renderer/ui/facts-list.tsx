import './facts-list.css';

/** Names and values, one pair a line; pairs without a value are left out. */
export function FactsList({ facts }: { readonly facts: readonly (readonly [name: string, value: React.ReactNode])[] }) {
  return (
    <dl className="facts-list">
      {facts
        .filter(([, value]) => value !== null && value !== '' && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
