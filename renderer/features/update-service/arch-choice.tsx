import { serviceArchs, type ServicePackage } from '#shared/contract/update-service.ts';
import { Choice } from '../../ui/field.tsx';

type Arch = ServicePackage['arch'];
const options = serviceArchs.map((arch) => ({ value: arch, label: arch }));

/** For which machines something of the update service is. */
export function ArchChoice({ value, onChange }: { readonly value: Arch; readonly onChange: (arch: Arch) => void }) {
  return <Choice label="For" value={value} options={options} onChange={onChange} />;
}
