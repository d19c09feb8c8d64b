import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import './dialog.css';

/** A dialog over the view: focus stays inside, Escape closes, focus returns to where it was. */
export function Dialog({
  title,
  about,
  width = 560,
  onClose,
  footer,
  children,
}: {
  readonly title: string;
  readonly about?: React.ReactNode;
  readonly width?: number;
  readonly onClose: () => void;
  readonly footer?: React.ReactNode;
  readonly children?: React.ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className="dialog" style={{ width }}>
          <header className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close render={<IconButton name="Close" />}>
              <X size={16} />
            </Base.Close>
          </header>
          {about && <Base.Description className="dialog-about">{about}</Base.Description>}
          <div className="dialog-body">{children}</div>
          {footer && <footer className="dialog-foot">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
