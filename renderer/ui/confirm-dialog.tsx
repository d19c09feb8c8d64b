import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

/** A dialog with one thing to do and a way out of it; the verb says exactly what is done. */
export function ConfirmDialog({
  title,
  about,
  width,
  verb,
  danger = false,
  disabled,
  why,
  cancel = 'Cancel',
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly about?: React.ReactNode;
  readonly width: number;
  readonly verb: string;
  readonly danger?: boolean;
  readonly disabled: boolean;
  /** Why it cannot be done, on hover. */
  readonly why?: string | undefined;
  readonly cancel?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <Dialog
      title={title}
      about={about}
      width={width}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button kind={danger ? 'danger' : 'primary'} disabled={disabled} title={why} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
