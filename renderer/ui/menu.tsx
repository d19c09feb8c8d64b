import { Menu as Base } from '@base-ui/react/menu';
import { Keys } from './button.tsx';
import './menu.css';

/** One line of a menu; `null` in a list of them is a divider. */
export interface MenuLine {
  readonly label: string;
  readonly run: () => void;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly checked?: boolean;
}

/** A place on screen that a menu hangs from, in CSS pixels of the window. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** A button that opens a menu. */
export function MenuButton({
  name,
  className = 'button button-plain',
  lines,
  children,
}: {
  readonly name: string;
  readonly className?: string;
  readonly lines: readonly (MenuLine | null)[];
  readonly children: React.ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger className={className} aria-label={name} title={name}>
        {children}
      </Base.Trigger>
      <Base.Portal container={landmark()}>
        <Base.Positioner positionMethod="fixed" sideOffset={4} align="start" className="menu-positioner">
          <MenuLines lines={lines} label={name} />
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** A menu at a place: of the row under the cursor, or where the mouse was pressed. */
export function MenuAt({
  place,
  label,
  lines,
  onClose,
}: {
  readonly place: MenuPlace;
  readonly label: string;
  readonly lines: readonly (MenuLine | null)[];
  readonly onClose: () => void;
}) {
  const anchor = { getBoundingClientRect: () => new DOMRect(place.x, place.y, 0, 0) };
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal container={landmark()}>
        <Base.Positioner positionMethod="fixed" anchor={anchor} align="start" className="menu-positioner">
          <MenuLines lines={lines} label={label} heading />
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Menus hang in the page's main part, so that those who move by landmarks find them. */
function landmark(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}

function MenuLines({
  lines,
  label,
  heading = false,
}: {
  readonly lines: readonly (MenuLine | null)[];
  readonly label: string;
  readonly heading?: boolean;
}) {
  return (
    <Base.Popup className="menu" aria-label={label}>
      {heading && <div className="menu-heading">{label}</div>}
      {lines.map((line, index) =>
        line === null ? (
          <div key={`divider-${index}`} className="menu-divider" role="separator" />
        ) : (
          <Base.Item key={line.label} className={`menu-line ${line.danger ? 'menu-danger' : ''}`} onClick={line.run}>
            {line.checked === undefined ? null : <span className="menu-check">{line.checked ? '✓' : ''}</span>}
            <span className="menu-label">{line.label}</span>
            {line.keys && <Keys keys={line.keys} />}
          </Base.Item>
        ),
      )}
    </Base.Popup>
  );
}
