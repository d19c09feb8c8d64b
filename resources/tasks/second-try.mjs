// Tests start real shells and daemons, on machines that may be busy: a few that fail are tried once more, alone, and that is always told.

/** More files than these fail because of the code, not of the machine: then nothing is tried again. */
const atMost = 6;

/** The files of a run (see test-reporter.mjs) that are worth a second try. */
export function worthASecondTry({ files, outside }) {
  const failed = Object.keys(files).filter((file) => files[file].failed.length > 0);
  return outside.length > 0 || failed.length > atMost ? [] : failed;
}

/**
 * What a run and its second try come to: the files that were run again count as they ended then; `unsteady` says what had
 * failed the first time.
 */
export function withSecondTry(first, second) {
  const again = Object.keys(second.files);
  return {
    files: { ...first.files, ...second.files },
    outside: second.outside,
    unsteady: again.flatMap((file) => (second.files[file].failed.length > 0 ? [] : first.files[file].failed)),
  };
}
