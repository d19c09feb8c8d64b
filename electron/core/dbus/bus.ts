/** A decoded D-Bus value: numbers for up to 32 bits, bigint for x and t, Variant for v, arrays and plain objects (a{s…}). */
export type BusValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | BusVariant
  | BusValue[]
  | { [key: string]: BusValue };

/** A value with its own signature. */
export interface BusVariant {
  readonly signature: string;
  readonly value: BusValue;
}

export interface BusSignal {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly sender: string;
  readonly body: BusValue[];
}

/** Which signals are wanted; what is left out fits anything. A well-known `sender` stands for its present owner. */
export interface MatchRule {
  readonly sender?: string;
  readonly path?: string;
  /** This object path and all below it. */
  readonly pathNamespace?: string;
  readonly interface?: string;
  readonly member?: string;
  /** The first argument, when it is a string. */
  readonly arg0?: string;
}

/**
 * One connection to a message bus over any byte stream. Answers and signals come in the order in which the bus sent
 * them: what awaits an answer goes on before a later signal is delivered.
 */
export interface Bus {
  /** Our unique name on the bus, e.g. ":1.42". */
  readonly name: string;
  /** Calls a method and returns the reply's arguments. Rejects with a ProblemError (permission, not-found, timeout, lost, protocol). */
  call(
    destination: string,
    path: string,
    iface: string,
    member: string,
    signature?: string,
    body?: BusValue[],
    timeoutMs?: number,
  ): Promise<BusValue[]>;
  /** Adds a match rule on the bus and delivers the signals that fit it; returns a function that removes both. */
  match(rule: MatchRule, on: (signal: BusSignal) => void): Promise<() => void>;
  onClose(listener: (reason: string) => void): void;
  close(): void;
}
