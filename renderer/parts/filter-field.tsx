import { X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { withoutChip } from '#shared/lib/filter/chips.ts';
import { type Completion, completeFilter } from '#shared/lib/filter/complete-filter.ts';
import { type KnownValues, knownValues } from '#shared/lib/filter/known-values.ts';
import { useConsole } from '../state/console.ts';
import type { FleetFilter } from '../state/fleet-filter.ts';
import { Keys } from '../ui/button.tsx';
import './filter-field.css';

/** The filter: text with completion while it is typed in, the same terms as chips when it is left. */
export function FilterField({
  filter,
  text,
  onText,
  label = 'Filter hosts',
  placeholder = 'Filter: a name, state:failing, label:role=web, cpu>80 …',
  slash = true,
}: {
  readonly filter: FleetFilter;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly label?: string;
  readonly placeholder?: string;
  /** Whether `/` leads here, which the field then says. */
  readonly slash?: boolean;
}) {
  const { replica } = useConsole();
  const problemId = useId();
  const input = useRef<HTMLInputElement>(null);
  const known = useRef<KnownValues | null>(null);
  const [focused, setFocused] = useState(false);
  const [offers, setOffers] = useState<readonly Completion[]>([]);
  const [picked, setPicked] = useState(-1);
  const wrong = filter.chips.filter((chip) => chip.problem !== null);
  const problem = wrong[0]?.problem ?? null;
  // A term that is still being written is not wrong yet.
  const told = wrong.find((chip) => chip.to < text.length)?.problem ?? null;

  const offer = (value: string, cursor: number) => {
    // What the fleet has is gathered once per visit of the field, not once per letter.
    known.current ??= knownValues(replica.store.getState().records.host.values());
    setOffers(completeFilter(value, cursor, known.current));
    setPicked(-1);
  };
  const take = ({ insert, from, to }: Completion) => {
    const next = text.slice(0, from) + insert + text.slice(to);
    onText(next);
    const cursor = from + insert.length;
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(cursor, cursor);
      offer(next, cursor);
    });
  };
  const leave = () => {
    setFocused(false);
    setOffers([]);
    known.current = null;
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const open = offers.length > 0;
    if (open && event.key === 'ArrowDown') setPicked((picked + 1) % offers.length);
    else if (open && event.key === 'ArrowUp') setPicked(picked <= 0 ? offers.length - 1 : picked - 1);
    else if (open && (event.key === 'Tab' || (event.key === 'Enter' && picked >= 0))) {
      const chosen = offers[Math.max(0, picked)];
      if (chosen) take(chosen);
    } else if (open && event.key === 'Escape') setOffers([]);
    else if (event.key === 'Enter') input.current?.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const showChips = !focused && filter.chips.length > 0;
  return (
    <div className={`filter-field ${problem ? 'filter-bad' : ''}`} title={problem ?? undefined}>
      <input
        ref={input}
        data-filter={slash ? '' : undefined}
        className={showChips ? 'filter-behind' : ''}
        role="combobox"
        aria-label={label}
        aria-expanded={offers.length > 0}
        aria-controls="filter-offers"
        aria-activedescendant={picked >= 0 ? `filter-offer-${picked}` : undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={(focused ? told : problem) ? problemId : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onFocus={(event) => {
          setFocused(true);
          offer(text, event.target.selectionStart ?? text.length);
        }}
        onBlur={leave}
        onChange={(event) => {
          onText(event.target.value);
          offer(event.target.value, event.target.selectionStart ?? event.target.value.length);
        }}
        onKeyDown={onKeyDown}
      />
      {showChips && (
        <div className="filter-chips">
          {filter.chips.map((chip, index) => (
            <span key={`${index} ${chip.text}`} className={`filter-chip ${chip.problem ? 'filter-chip-bad' : ''}`}>
              {chip.text}
              <button
                type="button"
                aria-label={`Remove ${chip.text} from the filter`}
                onClick={() => onText(withoutChip(text, index))}
              >
                <X size={12} />
              </button>
            </span>
          ))}
          {problem && (
            <span id={problemId} className="filter-told cut" role="status">
              {problem}
            </span>
          )}
        </div>
      )}
      {slash && text === '' && !focused && <Keys keys="/" />}
      {text !== '' && (
        <button type="button" className="filter-clear" aria-label="Clear the filter" onClick={() => onText('')}>
          <X size={14} />
        </button>
      )}
      {focused && told && (
        <p id={problemId} className="filter-problem" role="status">
          {told}
        </p>
      )}
      {focused && offers.length > 0 && <Offers offers={offers} picked={picked} onTake={take} />}
    </div>
  );
}

function Offers({
  offers,
  picked,
  onTake,
}: {
  readonly offers: readonly Completion[];
  readonly picked: number;
  readonly onTake: (offer: Completion) => void;
}) {
  return (
    <div className="filter-offers" id="filter-offers" role="listbox" aria-label="What can come next">
      {offers.map((offer, index) => (
        <div
          key={offer.label}
          id={`filter-offer-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === picked}
          className="filter-offer"
          // Pressing must not take the focus from the text, or the list would go before the click lands.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(offer);
          }}
        >
          <span className="mono">{offer.label}</span>
          <span className="faint">{offer.about}</span>
        </div>
      ))}
    </div>
  );
}
