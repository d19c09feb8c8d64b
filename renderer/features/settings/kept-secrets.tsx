import { cleanLine } from '#shared/lib/clean-text.ts';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { keptSecretWords } from '../../words/kept-secret.ts';

/** The secrets that this console keeps, by what each opens; their values never come to the window. */
export function KeptSecrets() {
  const vault = useSection('app', '', 'vault');
  const forget = useDo('vault.forget');
  if (!vault) return null;
  return (
    <section className="card settings-card" aria-label="Kept secrets">
      <h2>Kept secrets</h2>
      <p className="faint">
        {!vault.available
          ? 'This console has no vault: passwords and passphrases are asked for each time it starts.'
          : vault.names.length === 0
            ? 'None. A password or passphrase is kept only when you say so as it is asked for.'
            : 'Of all clusters. What is forgotten is asked for again; connections that are open stay open, and what was entered is used until the cluster is closed.'}
      </p>
      {vault.names.length > 0 && (
        <ul className="kept-secrets">
          {vault.names.map((name) => {
            const { noun, what, of } = keptSecretWords(name);
            return (
              <li key={name}>
                <span>
                  {what} <code>{cleanLine(of)}</code>
                </span>
                <Button
                  aria-label={`Forget the ${noun} of ${cleanLine(of)}`}
                  disabled={forget.busy}
                  onClick={() => void forget.run({ name })}
                >
                  Forget the {noun}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {forget.problem && <ProblemNote problem={forget.problem} />}
    </section>
  );
}
