import { TextBlock } from '../ui/field.tsx';
import './steps-after.css';

const steps =
  'One a line: daemon-reload, restart, reload, reload-or-restart, start, stop, enable, disable, mask, unmask, set-hostname.';

/** What is done on each host once its files are written, a line each; `wrong` is a line that is none. */
export function StepsAfter({
  label = 'Then, in this order',
  value,
  wrong,
  onChange,
}: {
  readonly label?: string;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly onChange: (steps: string) => void;
}) {
  return (
    <TextBlock
      label={label}
      className="steps-after"
      rows={3}
      placeholder="restart nginx.service"
      hint={steps}
      error={wrong === undefined ? undefined : `Not a step: ${wrong}. ${steps}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
