import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyNote } from '../ui/notes.tsx';

/** Keeps a fault of one view from taking the window: it says what broke and offers to draw it again. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  readonly #forget = () => {
    if (this.state.error) this.setState({ error: null });
  };

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <EmptyNote title="This view broke">
        <p>
          The rest of the window still works and nothing on any host was touched. The fault:{' '}
          <code>{error.message}</code>
        </p>
        <Button onClick={this.#forget}>Draw the view again</Button>
      </EmptyNote>
    );
  }
}
