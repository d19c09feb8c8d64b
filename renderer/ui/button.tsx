import './button.css';

/** `primary` is the one thing a view asks for, `danger` what hurts when it is a mistake, `quiet` everything small. */
export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

type ButtonProps = React.ComponentProps<'button'> & { readonly kind?: ButtonKind };

/** A button whose text is a verb and its object. */
export function Button({ kind = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`button button-${kind} ${className}`} {...rest} />;
}

/** A button that is only an icon; its name is read out and shown on hover. */
export function IconButton({ name, children, className = '', ...rest }: ButtonProps & { readonly name: string }) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={name} title={name} {...rest}>
      {children}
    </button>
  );
}

/** The keys of an action, as `g f`. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
