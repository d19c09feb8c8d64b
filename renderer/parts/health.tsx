import type { HealthReason } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { useSection, useTold } from '../state/hooks.ts';
import { SignMark, SignWord } from '../ui/sign-mark.tsx';
import { healthSigns } from '../words/states.ts';
import { For } from './since.tsx';
import './health.css';

/** A host's health as mark and word. */
export function HealthWord({ host }: { readonly host: string }) {
  const health = useSection('host', host, 'health');
  return <SignWord sign={healthSigns[health?.state ?? 'unknown']} />;
}

const linkOnly = ['link'] as const;
const tellReason = (host: RecordOf<'host'>) => host.link?.reason ?? '';

/** A host's health as mark, word, and the first reason for it; with `since` also for how long. */
export function HealthWhy({ host, since = false }: { readonly host: string; readonly since?: boolean }) {
  const health = useSection('host', host, 'health');
  const linkReason = useTold(host, linkOnly, tellReason);
  const sign = healthSigns[health?.state ?? 'unknown'];
  const reasons = health?.reasons.filter(({ state }) => state !== 'healthy') ?? [];
  const why = withoutWord(reasons[0]?.text ?? (health?.state === 'healthy' ? '' : linkReason), sign.word);
  const more = reasons.length > 1 ? ` +${reasons.length - 1}` : '';
  return (
    <span className={`health-why tone-${sign.tone}`} title={reasons.map(({ text }) => text).join('\n') || why}>
      <SignMark tone={sign.tone} shape={sign.shape} />
      <span className="health-word">{sign.word}</span>
      {why !== '' && <span className="health-reason">{why}</span>}
      {more !== '' && <span className="health-more">{more}</span>}
      {since && health && health.state !== 'healthy' && (
        <span className="health-since">
          <For since={reasons[0]?.since ?? health.since} />
        </span>
      )}
    </span>
  );
}

/** The text without the word that stands before it anyway. */
function withoutWord(text: string, word: string): string {
  return text.toLowerCase().startsWith(`${word}: `) ? text.slice(word.length + 2) : text;
}

/** Every reason for a host's health, each since when and where the evidence is. */
export function HealthReasons({
  reasons,
  evidence,
}: {
  readonly reasons: readonly HealthReason[];
  /** The address of the evidence, or null when this list is it. */
  readonly evidence: (reason: HealthReason) => string | null;
}) {
  return (
    <ul className="health-reasons">
      {reasons.map((reason) => {
        const href = evidence(reason);
        const sign = healthSigns[reason.state];
        return (
          <li key={`${reason.code} ${reason.subject} ${reason.state}`} className={`tone-${sign.tone}`}>
            <SignMark tone={sign.tone} shape={sign.shape} />
            <span className="health-reasons-text">
              {reason.text}
              <span className="faint">
                {' '}
                · for <For since={reason.since} />
              </span>
            </span>
            {href && (
              <a href={href} aria-label={`Show the evidence: ${reason.text}`}>
                Show
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}
