import { useMemo, useState } from 'react';
import type { UnitFilesOverHosts } from '#shared/contract/unit.ts';
import { Difference } from '../../parts/difference.tsx';
import { useSecrets } from '../../parts/secrets.tsx';
import { printRoute } from '../../state/routes.ts';
import { Segments } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { count, some } from '../../words/amounts.ts';
import { type variantsOf, wholeText } from './fold-unit.ts';
import { variantName } from './variant-name.ts';

const mostListed = 40;

/** The texts a unit is made of: what most hosts have, and how each other one differs from it. */
export function UnitVariants({
  cluster,
  variants,
  texts,
}: {
  readonly cluster: string;
  readonly variants: ReturnType<typeof variantsOf>;
  readonly texts: UnitFilesOverHosts['variants'];
}) {
  const [picked, setPicked] = useState<string | null>(null);
  const [whole, setWhole] = useState<'difference' | 'text'>('difference');
  const whichTexts = useMemo(
    () => Object.fromEntries(Object.entries(texts).map(([variant, parts]) => [variant, wholeText(parts)])),
    [texts],
  );
  const readable = useSecrets(whichTexts, 'unit files');
  const [most, other] = variants;
  const shown = variants.find(({ variant }) => variant === picked) ?? other ?? most;
  if (!most || !shown) return null;
  const text = readable.texts[shown.variant] ?? '';
  const differs = shown.variant !== most.variant;
  const paths = (texts[shown.variant] ?? []).map(({ path }) => path);
  return (
    <section className="unit-variants" aria-label="Files of the unit">
      <h3>Unit file and drop-ins</h3>
      {variants.length > 1 && (
        <ul className="unit-variant-list">
          {variants.slice(0, mostListed).map(({ variant, hosts }) => (
            <li key={variant}>
              <button
                type="button"
                className="link-button"
                aria-pressed={variant === shown.variant}
                onClick={() => setPicked(variant)}
              >
                {count(hosts.length, 'host')}: {variantName(variants, variant)}
              </button>{' '}
              <span className="faint cut" title={hosts.join(' ')}>
                {some(hosts, 4)}
              </span>
            </li>
          ))}
          {variants.length > mostListed && <li className="faint">and {variants.length - mostListed} more</li>}
        </ul>
      )}
      {readable.note}
      {differs && (
        <Segments
          label="What is shown"
          value={whole}
          options={[
            { value: 'difference', label: `Difference to the ${most.hosts.length.toLocaleString('en')} that agree` },
            { value: 'text', label: 'Whole text' },
          ]}
          onChange={setWhole}
        />
      )}
      {differs && whole === 'difference' ? (
        <Difference
          before={readable.texts[most.variant] ?? ''}
          after={text}
          names={[`The ${most.hosts.length.toLocaleString('en')} that agree`, some(shown.hosts, 2)]}
        />
      ) : (
        <MachineText text={text} label={`What ${some(shown.hosts, 2)} has`} />
      )}
      <p className="unit-variant-paths">
        {paths.map((path) => (
          <a key={path} href={printRoute({ view: 'config', cluster, tab: 'compare', path })}>
            Compare {path} over the fleet
          </a>
        ))}
      </p>
    </section>
  );
}
