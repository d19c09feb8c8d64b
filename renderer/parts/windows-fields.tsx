import { X } from 'lucide-react';
import { useId, useMemo } from 'react';
import { dayNames, stateInWords } from '#shared/lib/reboot/window.ts';
import { useFromTime } from '../state/hooks.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Choice, Segments, TextField } from '../ui/field.tsx';
import { readClock, readSpan } from '../words/spans.ts';
import { readWindows, type WindowForm, type WindowsForm } from './windows-form.ts';
import './windows-fields.css';

const oneMore: WindowForm = { days: [5], from: '02:00', length: '4 h', measure: 'elapsed' };

/** When hosts may go down: any time, or windows of the week by the clocks of a zone. */
export function WindowsFields({
  form,
  errors,
  set,
}: {
  readonly form: WindowsForm;
  readonly errors: Readonly<Partial<Record<keyof WindowsForm, string>>>;
  readonly set: (change: Partial<WindowsForm>) => void;
}) {
  const { windows, timeZone, anyTime } = form;
  const zoneList = useId();
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
            list={zoneList}
            value={timeZone}
            error={errors.timeZone}
            onChange={(event) => set({ timeZone: event.target.value })}
          />
          <datalist id={zoneList}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {windows.map((one, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- windows are places in a list, they have no other name
            <div key={at} className="windows-one" role="group" aria-label={`Window ${at + 1}`}>
              <div className="windows-days">
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
                className="field-inline windows-time"
                value={one.from}
                aria-invalid={readClock(one.from) === null}
                onChange={(event) => change(at, { from: event.target.value })}
              />
              <TextField
                label="Lasts"
                className="field-inline windows-time"
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
          <div className="windows-do">
            {windows.length < 20 && (
              <Button kind="quiet" onClick={() => set({ windows: [...windows, oneMore] })}>
                Add a window
              </Button>
            )}
            <Now form={form} />
          </div>
        </>
      )}
    </>
  );
}

/** How the windows stand now; nothing while they are not complete. */
function Now({ form }: { readonly form: WindowsForm }) {
  const text = useFromTime((now) => {
    let isWrong = false;
    const read = readWindows(form, () => (isWrong = true));
    return read === null || isWrong ? '' : `Now: ${stateInWords(read, now)}`;
  });
  return <span className="faint">{text}</span>;
}
