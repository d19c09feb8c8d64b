import { X } from 'lucide-react';
import { useMemo } from 'react';
import { dayNames, stateInWords } from '#shared/lib/reboot/window.ts';
import { isTimeZone } from '#shared/lib/reboot/zoned-time.ts';
import { useFromTime } from '../../state/hooks.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Choice, Segments, TextField } from '../../ui/field.tsx';
import type { PolicyFieldsProps, WindowForm } from './policy-form.ts';
import { readClock, readSpan } from './spans.ts';

const oneMore: WindowForm = { days: [5], from: '02:00', length: '4 h', measure: 'elapsed' };

/** When hosts may go down: any time, or windows of the week by the clocks of a zone. */
export function WindowsFields({ form, errors, set }: PolicyFieldsProps) {
  const { windows, timeZone, anyTime } = form;
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone')], []);
  const change = (at: number, next: Partial<WindowForm>) =>
    set({ windows: windows.map((one, index) => (index === at ? { ...one, ...next } : one)) });
  return (
    <>
      <Segments
        label="When hosts may go down"
        value={anyTime ? 'any' : 'windows'}
        options={[
          { value: 'any', label: 'At any time' },
          { value: 'windows', label: 'In windows' },
        ]}
        onChange={(value) => set({ anyTime: value === 'any' })}
      />
      {!anyTime && (
        <>
          <TextField
            label="Time zone"
            list="time-zones"
            value={timeZone}
            error={errors.timeZone}
            onChange={(event) => set({ timeZone: event.target.value })}
          />
          <datalist id="time-zones">
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {windows.map((one, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- windows are places in a list, they have no other name
            <div key={at} className="policy-window" role="group" aria-label={`Window ${at + 1}`}>
              <div className="policy-days">
                {dayNames.map((name, day) => (
                  <button
                    key={name}
                    type="button"
                    aria-pressed={one.days.includes(day)}
                    onClick={() =>
                      change(at, {
                        days: one.days.includes(day) ? one.days.filter((other) => other !== day) : [...one.days, day],
                      })
                    }
                  >
                    {name}
                  </button>
                ))}
              </div>
              <TextField
                label="Begins"
                className="field-inline policy-time"
                value={one.from}
                aria-invalid={readClock(one.from) === null}
                onChange={(event) => change(at, { from: event.target.value })}
              />
              <TextField
                label="Lasts"
                className="field-inline policy-time"
                value={one.length}
                aria-invalid={readSpan(one.length) === null}
                onChange={(event) => change(at, { length: event.target.value })}
              />
              <Choice
                label="Measured by"
                hideLabel
                value={one.measure}
                options={[
                  { value: 'elapsed', label: 'time that passes' },
                  { value: 'wall', label: 'the clock on the wall' },
                ]}
                onChange={(measure) => change(at, { measure })}
              />
              {windows.length > 1 && (
                <IconButton
                  name={`Remove window ${at + 1}`}
                  onClick={() => set({ windows: windows.filter((_, index) => index !== at) })}
                >
                  <X size={14} />
                </IconButton>
              )}
            </div>
          ))}
          {errors.windows && <p className="field-error">{errors.windows}</p>}
          <div className="group-do">
            {windows.length < 20 && (
              <Button kind="quiet" onClick={() => set({ windows: [...windows, oneMore] })}>
                Add a window
              </Button>
            )}
            <Now windows={windows} timeZone={timeZone} />
          </div>
        </>
      )}
    </>
  );
}

/** How the windows stand now. */
function Now({ windows, timeZone }: { readonly windows: readonly WindowForm[]; readonly timeZone: string }) {
  const text = useFromTime((now) => {
    if (!isTimeZone(timeZone)) return '';
    const read = windows.flatMap(({ days, from, length, measure }) => {
      const [begin, lengthS] = [readClock(from), readSpan(length)];
      return begin === null || lengthS === null ? [] : { days, from: begin, lengthMs: lengthS * 1000, measure };
    });
    return stateInWords({ timeZone, windows: read }, now);
  });
  return <span className="faint">Now: {text}</span>;
}
