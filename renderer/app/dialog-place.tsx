import { useCallback } from 'react';
import { useStore } from 'zustand';
import { HostKeysDialog } from '../features/host-keys/host-keys-dialog.tsx';
import { MaintenanceDialog } from '../features/maintenance/maintenance-dialog.tsx';
import { PromptsDialog } from '../features/prompts/prompts-dialog.tsx';
import { SaveViewDialog } from '../features/fleet/save-view-dialog.tsx';
import { RebootDialog } from '../features/reboot/reboot-dialog.tsx';
import { RestartUnitsDialog } from '../features/restart-units/restart-units-dialog.tsx';
import { UnitActionDialog } from '../features/unit-action/unit-action-dialog.tsx';
import { UpdateActDialog } from '../features/update-act/update-act-dialog.tsx';
import { useConsole } from '../state/console.ts';
import { KeyboardOverlay } from './keyboard-overlay.tsx';
import { Palette } from './palette.tsx';

/** Draws the one dialog that is open. */
export function DialogPlace() {
  const { dialogs } = useConsole();
  const open = useStore(dialogs, (state) => state.open);
  const close = useCallback(() => dialogs.setState({ open: null }), [dialogs]);
  switch (open?.kind) {
    case undefined:
      return null;
    case 'palette':
      return <Palette onClose={close} />;
    case 'keyboard':
      return <KeyboardOverlay onClose={close} />;
    case 'host-keys':
      return <HostKeysDialog onClose={close} />;
    case 'prompts':
      return <PromptsDialog onClose={close} />;
    case 'maintenance':
      return <MaintenanceDialog hosts={open.hosts} onClose={close} />;
    case 'reboot':
      return <RebootDialog hosts={open.hosts} onClose={close} />;
    case 'unit-action':
      return <UnitActionDialog hosts={open.hosts} unit={open.unit} verb={open.verb} onClose={close} />;
    case 'update-act':
      return <UpdateActDialog hosts={open.hosts} onClose={close} />;
    case 'restart-units':
      return <RestartUnitsDialog hosts={open.hosts} onClose={close} />;
    case 'save-view':
      return <SaveViewDialog onClose={close} />;
    default:
      return open satisfies never;
  }
}
