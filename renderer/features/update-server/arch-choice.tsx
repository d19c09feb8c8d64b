import { Choice } from '../../ui/field.tsx';

/** Those that Flatcar is made for, by the server's numbers. */
export type FlatcarArch = '1' | '2';

const options = [
  { value: '1', label: 'amd64' },
  { value: '2', label: 'arm64' },
] as const;

/** For which machines something new on the server is. */
export function ArchChoice({
  value,
  onChange,
}: {
  readonly value: FlatcarArch;
  readonly onChange: (arch: FlatcarArch) => void;
}) {
  return <Choice label="Architecture" value={value} options={options} onChange={onChange} />;
}
