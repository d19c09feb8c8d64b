/** How a main process ended, from the kernel's code (1 exited, 2 killed, 3 dumped core) and status; empty while it never did. */
export function exitWords(code: number, status: number): string {
  switch (code) {
    case 1:
      return `exited with ${status}`;
    case 2:
      return `killed by signal ${signalName(status)}`;
    case 3:
      return `killed by signal ${signalName(status)}, with a core dump`;
    default:
      return '';
  }
}

/** By Linux's numbers, whatever system the console runs on. */
const linuxSignals =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP'.split(' ');

function signalName(number: number): string {
  const name = linuxSignals[number - 1];
  return name ? `${number} (SIG${name})` : String(number);
}
