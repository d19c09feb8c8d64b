import { keyLayers } from '../state/keyboard.ts';
import { Keys } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import './keyboard-overlay.css';

const spelled: Record<string, string> = {
  Mod: 'Ctrl',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** Every key of the view that is open, and those that work everywhere. */
export function KeyboardOverlay({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" width={680} onClose={onClose}>
      <div className="key-layers">
        {keyLayers().map((layer) => (
          <section key={layer.title}>
            <h3>{layer.title}</h3>
            <dl>
              {layer.bindings.map(({ keys, label }) =>
                label ? (
                  <div key={keys}>
                    <dt>
                      <Keys keys={spell(keys)} />
                      <span className="unseen">{spell(keys)}</span>
                    </dt>
                    <dd>{label}</dd>
                  </div>
                ) : null,
              )}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function spell(keys: string): string {
  return keys
    .split(/[ +]/)
    .map((key) => spelled[key] ?? key)
    .join(' ');
}
