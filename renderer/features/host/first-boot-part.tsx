import type { HostFirstBoot, LayeredPart } from '#shared/contract/document.ts';
import { ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { firstBootSentence, layerSum } from './layer-words.ts';

/** What a host was told at its first boot: where that lies, what of it is still so, and what only a first boot does. */
export function FirstBootPart({
  firstBoot,
  parts,
}: {
  readonly firstBoot: HostFirstBoot;
  readonly parts: readonly LayeredPart[];
}) {
  const told = parts.filter(({ says }) => says.some(({ kind }) => kind === 'first-boot'));
  const own = told.filter(({ says }) => says[0]?.kind === 'first-boot');
  const spokenOver = told.length - own.length;
  const { only, problem } = firstBoot;
  return (
    <section aria-label="What the first boot was told">
      <h2>What the first boot was told</h2>
      {problem ? <ProblemNote problem={problem} /> : <p>{firstBootSentence(firstBoot)}</p>}
      {told.length > 0 && (
        <p>
          {own.length > 0 &&
            `Of ${count(own.length, 'file or unit', 'files and units')} it still holds for: ${layerSum(own)}.`}{' '}
          {spokenOver > 0 && `A document or a change has spoken over it for ${spokenOver} since.`}
        </p>
      )}
      {only.length > 0 && (
        <details className="host-config-only">
          <summary>{count(only.length, 'thing')} that only a first boot does, or that is not compared</summary>
          <ul>
            {only.map(({ from, what, why, line }) => (
              <li key={`${from} ${line} ${what}`}>
                <b>{what}</b>: {why}{' '}
                <span className="faint">
                  {from}, line {line}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
