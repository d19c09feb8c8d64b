import type { SetupItem } from '#shared/contract/update-service.ts';
import { setupItem } from '#shared/contract/update-service.ts';
import { useDo } from '../../state/calls.ts';

/** Errors of a form by the name of its field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What is wrong with each field, in the words of the schema; empty when it can be written. */
export function fieldErrors(item: { readonly kind: SetupItem['kind']; readonly value: unknown }): FieldErrors {
  const read = setupItem.safeParse(item);
  if (read.success) return {};
  const errors: Record<string, string> = {};
  for (const { path, message } of read.error.issues) errors[String(path[1] ?? '')] ??= message;
  return errors;
}

/** Writes a thing of the set-up and closes its dialog when it is written. */
export function useSave(revision: number | null, onClose: () => void) {
  const save = useDo('update-service.save');
  const submit = async (item: { readonly kind: SetupItem['kind']; readonly value: unknown }) => {
    const read = setupItem.safeParse(item);
    if (read.success && (await save.run({ item: read.data, revision }))) onClose();
  };
  return { busy: save.busy, problem: save.problem, submit };
}
