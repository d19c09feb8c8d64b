import { fail } from '#shared/contract/problem.ts';
import type { BusValue } from './bus.ts';
import { marshal } from './marshal.ts';
import { unmarshal } from './unmarshal.ts';
import { isVariant, variant } from './variant.ts';

/** Larger messages end the connection; systemd's unit list of a very large host has some hundred KiB. */
export const maxMessageBytes = 16 * 1024 * 1024;

export type MessageType = 'call' | 'return' | 'error' | 'signal';

/** The header of a message; texts that were not given are empty, `replySerial` then 0. */
export interface MessageHeader {
  readonly type: MessageType;
  readonly serial: number;
  /** The caller does not want an answer. */
  readonly noReply: boolean;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly errorName: string;
  readonly replySerial: number;
  readonly destination: string;
  readonly sender: string;
  readonly signature: string;
}

/** A message as it came; the body is decoded on first use only, since most signals are nobody's. */
export class ReceivedMessage {
  readonly header: MessageHeader;
  readonly #bytes: Buffer;
  readonly #little: boolean;
  #body: BusValue[] | null = null;

  constructor(header: MessageHeader, bytes: Buffer, littleEndian: boolean) {
    this.header = header;
    this.#bytes = bytes;
    this.#little = littleEndian;
  }

  /** The decoded arguments; throws a ProblemError (protocol) when they are malformed. */
  body(): BusValue[] {
    this.#body ??= unmarshal(this.#bytes, this.header.signature, this.#little);
    return this.#body;
  }
}

const typeCodes: Readonly<Record<MessageType, number>> = { call: 1, return: 2, error: 3, signal: 4 };
const typeNames: readonly (MessageType | null)[] = [null, 'call', 'return', 'error', 'signal'];
const fixedHeaderBytes = 16;
const protocolVersion = 1;
const noReplyFlag = 1;

/** Encodes a whole message, little-endian unless told otherwise. */
export function encodeMessage(
  header: Partial<MessageHeader> & Pick<MessageHeader, 'type' | 'serial'>,
  body: readonly BusValue[] = [],
  littleEndian = true,
): Buffer {
  const signature = header.signature ?? '';
  const payload = marshal(signature, body, littleEndian);
  const fields: BusValue[] = [];
  const add = (code: number, type: string, value: string | number | undefined) => {
    if (value) fields.push([code, variant(type, value)]);
  };
  add(1, 'o', header.path);
  add(2, 's', header.interface);
  add(3, 's', header.member);
  add(4, 's', header.errorName);
  add(5, 'u', header.replySerial);
  add(6, 's', header.destination);
  add(7, 's', header.sender);
  add(8, 'g', signature);
  const start = marshal(
    'yyyyuua(yv)',
    [
      (littleEndian ? 'l' : 'B').charCodeAt(0),
      typeCodes[header.type],
      header.noReply ? noReplyFlag : 0,
      protocolVersion,
      payload.length,
      header.serial,
      fields,
    ],
    littleEndian,
  );
  const message = Buffer.alloc(padded(start.length) + payload.length);
  if (message.length > maxMessageBytes) throw fail('invalid-input', 'D-Bus: the message is larger than 16 MiB');
  start.copy(message);
  payload.copy(message, padded(start.length));
  return message;
}

/** Cuts a byte stream into messages; bounded by one message of at most 16 MiB. */
export class MessageReader {
  #parts: Buffer[] = [];
  #held = 0;
  #wanted = fixedHeaderBytes;

  /** Takes the next bytes and answers the messages they complete; throws a ProblemError (protocol) on a bad header. */
  push(chunk: Buffer): ReceivedMessage[] {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    const messages: ReceivedMessage[] = [];
    if (this.#held < this.#wanted) return messages;
    let bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    while (bytes.length >= fixedHeaderBytes) {
      const total = messageLength(bytes);
      if (bytes.length < total) break;
      messages.push(decodeMessage(bytes.subarray(0, total)));
      bytes = bytes.subarray(total);
    }
    this.#parts = bytes.length > 0 ? [bytes] : [];
    this.#held = bytes.length;
    this.#wanted = bytes.length >= fixedHeaderBytes ? messageLength(bytes) : fixedHeaderBytes;
    return messages;
  }
}

function isLittleEndian(bytes: Buffer): boolean {
  const mark = bytes[0];
  if (mark === 0x6c) return true;
  if (mark === 0x42) return false;
  throw fail('protocol', 'D-Bus: a message has an unknown byte order');
}

function messageLength(bytes: Buffer): number {
  const little = isLittleEndian(bytes);
  const body = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  const fields = little ? bytes.readUInt32LE(12) : bytes.readUInt32BE(12);
  const total = padded(fixedHeaderBytes + fields) + body;
  if (total > maxMessageBytes) throw fail('protocol', 'D-Bus: a message is larger than 16 MiB');
  return total;
}

function decodeMessage(bytes: Buffer): ReceivedMessage {
  const little = isLittleEndian(bytes);
  if (bytes[3] !== protocolVersion) throw fail('protocol', `D-Bus: protocol version ${bytes[3]} is not known`);
  const fieldsLength = little ? bytes.readUInt32LE(12) : bytes.readUInt32BE(12);
  const fieldsEnd = fixedHeaderBytes + fieldsLength;
  const [, typeCode, flags, , , serial, fields] = unmarshal(bytes.subarray(0, fieldsEnd), 'yyyyuua(yv)', little);
  const type = typeNames[Number(typeCode)];
  // The specification asks to ignore unknown types; none exists, so a stranger is a sign of a broken stream.
  if (!type) throw fail('protocol', `D-Bus: message type ${Number(typeCode)} is not known`);
  const values = fieldValues(fields);
  const text = (code: number) => {
    const value = values.get(code);
    return typeof value === 'string' ? value : '';
  };
  const header: MessageHeader = {
    type,
    serial: Number(serial),
    noReply: (Number(flags) & noReplyFlag) !== 0,
    path: text(1),
    interface: text(2),
    member: text(3),
    errorName: text(4),
    replySerial: Number(values.get(5) ?? 0),
    destination: text(6),
    sender: text(7),
    signature: text(8),
  };
  return new ReceivedMessage(header, bytes.subarray(padded(fieldsEnd)), little);
}

function fieldValues(fields: BusValue | undefined): Map<number, string | number> {
  const values = new Map<number, string | number>();
  if (!Array.isArray(fields)) return values;
  for (const field of fields) {
    if (!Array.isArray(field)) continue;
    const [code, value] = field;
    if (!isVariant(value)) continue;
    if (typeof value.value === 'string' || typeof value.value === 'number') values.set(Number(code), value.value);
  }
  return values;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
