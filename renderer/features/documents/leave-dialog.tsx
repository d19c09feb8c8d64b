import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Asked before typed text is lost. */
export function LeaveDialog({
  name,
  onStay,
  onLeave,
}: {
  readonly name: string;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}) {
  return (
    <Dialog
      title={`${name} has text that is not saved`}
      about="It is lost when you leave this page."
      width={440}
      onClose={onStay}
      footer={
        <>
          <Button kind="danger" onClick={onLeave}>
            Leave without saving
          </Button>
          <Button kind="primary" onClick={onStay}>
            Stay here
          </Button>
        </>
      }
    />
  );
}
