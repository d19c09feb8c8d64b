import type { HostVerb } from '#core/changes/host-transaction.ts';

/** A place in the program of a change: the nth time that it comes to this function, asked for this verb. */
export interface Point {
  readonly verb: HostVerb['verb'];
  /** `bad` is a change whose unit does not come up, so that it takes itself back. */
  readonly change: 'good' | 'bad';
  readonly at: string;
  readonly nth: number;
}

/** How it is cut short there, or what is full from there on. */
export const cuts = ['killed', 'power cut', 'connection cut'] as const;
export const fullPlaces = ['target', 'blocks of the journal', 'inodes of the journal'] as const;
export type Fault = (typeof cuts)[number] | (typeof fullPlaces)[number];

export interface FaultRow extends Point {
  readonly fault: Fault;
}

const points = (verb: Point['verb'], change: Point['change'], counts: Readonly<Record<string, number>>): Point[] =>
  Object.entries(counts).flatMap(([at, times]) =>
    Array.from({ length: times }, (_, before) => ({ verb, change, at, nth: before + 1 })),
  );

/** With three files: one that changes, one that comes, one that goes. Each line of the journal is a `qd_step`. */
const allPoints: readonly Point[] = [
  ...points('apply', 'good', {
    qd_enter: 1,
    qd_back_up: 3,
    qd_compare: 3,
    qd_watch: 1,
    qd_stage: 3,
    qd_validator: 2,
    qd_arm: 1,
    qd_armed: 1,
    qd_write: 3,
    // The backups and the guard, what was written, and the word that it is applied.
    qd_sync: 3,
    qd_look_again: 1,
    // Before each rename, so between two of them.
    qd_swap: 3,
    qd_action: 1,
    // Begun, valid, backed-up, armed, three written, valid, acted, applied.
    qd_step: 10,
  }),
  ...points('confirm', 'good', { qd_confirm: 1, qd_step: 1, qd_say: 1, qd_forget: 1, qd_disarm: 1 }),
  ...points('restore', 'good', {
    qd_take_back: 1,
    qd_put_back: 3,
    qd_step: 6,
    qd_action: 1,
    qd_disarm: 1,
    qd_forget: 1,
  }),
  ...points('fence', 'good', { qd_enter: 1 }),
  ...points('apply', 'bad', { qd_take_back: 1, qd_put_back: 3, qd_disarm: 1, qd_forget: 1 }),
];

const fullFrom = new Set([
  'apply qd_back_up 1',
  'apply qd_stage 1',
  'apply qd_arm 1',
  'apply qd_armed 1',
  'apply qd_write 1',
  'apply qd_write 2',
  'apply qd_swap 1',
  'apply qd_swap 2',
  'apply qd_action 1',
  'apply qd_step 1',
  'apply qd_step 10',
  'confirm qd_confirm 1',
  'confirm qd_step 1',
  'restore qd_take_back 1',
  'restore qd_put_back 2',
]);

/** Every point with each cut, and where it makes a difference with each place full. */
export function faultRows(): FaultRow[] {
  const full = allPoints.filter(
    ({ verb, change, at, nth }) => change === 'good' && fullFrom.has(`${verb} ${at} ${nth}`),
  );
  return [
    ...cuts.flatMap((fault) => allPoints.map((point) => ({ ...point, fault }))),
    ...fullPlaces.flatMap((fault) => full.map((point) => ({ ...point, fault }))),
  ];
}

/** Where the program says that it came there, and what it then waits for. */
export const reached = '/var/tmp/qd-reached';
export const goOn = '/var/tmp/qd-go-on';

const acts: Readonly<Record<Fault, string>> = {
  killed: "sh -c 'kill -9 $PPID'",
  'power cut': 'sleep 60',
  'connection cut': `while [ ! -e ${goOn} ]; do sleep .05; done`,
  target: 'cat /dev/zero >/etc/qd-test/fill 2>/dev/null',
  'blocks of the journal': 'cat /dev/zero >/var/lib/quarterdeck/fill 2>/dev/null',
  'inodes of the journal':
    'mkdir /var/lib/quarterdeck/fills; qd_fill=0; while true >/var/lib/quarterdeck/fills/$qd_fill; do qd_fill=$((qd_fill + 1)); done 2>/dev/null',
};

/** The program with that fault in it; it happens once. */
export function withFault(program: string, { verb, at, nth, fault }: FaultRow): string {
  const head = `${at}() {\n`;
  if (!program.includes(head)) throw new Error(`the program has no ${at}`);
  const hook = `qd_come=$((\${qd_come:-0} + 1))
if [ "$qd_verb" = ${verb} ] && [ "$qd_come" = ${nth} ] && [ ! -e ${reached} ]; then
true >${reached}
${acts[fault]}
fi
`;
  return program.replace(head, () => `${head}${hook}`);
}
