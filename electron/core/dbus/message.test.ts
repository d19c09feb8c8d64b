import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '#shared/contract/problem.ts';
import { encodeMessage, maxMessageBytes, MessageReader } from './message.ts';

const call = encodeMessage(
  {
    type: 'call',
    serial: 9,
    noReply: true,
    path: '/a/b',
    interface: 'i.f',
    member: 'Do',
    destination: 'd.e',
    signature: 'su',
  },
  ['text', 5],
);

/** Decodes and answers the problem's code; anything but a ProblemError is thrown on. */
function outcome(bytes: Buffer): string {
  try {
    for (const message of new MessageReader().push(bytes)) message.body();
    return 'decoded';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

describe('messages', () => {
  it('carry their header and body', () => {
    const [message, ...more] = new MessageReader().push(call);
    expect(more).toEqual([]);
    expect(message?.header).toEqual({
      type: 'call',
      serial: 9,
      noReply: true,
      path: '/a/b',
      interface: 'i.f',
      member: 'Do',
      errorName: '',
      replySerial: 0,
      destination: 'd.e',
      sender: '',
      signature: 'su',
    });
    expect(message?.body()).toEqual(['text', 5]);
  });

  it('come out whole however the stream is cut, in both byte orders', () => {
    const bodies = ['', 'one', 'two '.repeat(40), 'ü'];
    const bytes = Buffer.concat(
      bodies.map((body, index) =>
        encodeMessage({ type: 'signal', serial: index + 1, path: '/', signature: 's' }, [body], index % 2 === 0),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 30 }), (cuts) => {
        const reader = new MessageReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const found = edges.flatMap((edge, index) => reader.push(bytes.subarray(edge, edges[index + 1] ?? edge)));
        expect(found.map((message) => message.body()[0])).toEqual(bodies);
      }),
    );
  });

  it('are refused when malformed, never anything worse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: call.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const changed = Buffer.from(call);
        changed[at] = value;
        expect(outcome(changed)).toBeOneOf(['decoded', 'protocol']);
      }),
      { numRuns: 2000 },
    );
  });

  it('are refused by their length before anything is held', () => {
    const huge = Buffer.from(call);
    huge.writeUInt32LE(maxMessageBytes, 4);
    expect(() => new MessageReader().push(huge)).toThrow(/larger than 16 MiB/);
    const fields = Buffer.from(call);
    fields.writeUInt32LE(0xffff_fff0, 12);
    expect(() => new MessageReader().push(fields)).toThrow(/larger than 16 MiB/);
  });

  it.each([
    [0, 'x'.charCodeAt(0), /byte order/],
    [1, 9, /message type/],
    [3, 2, /protocol version/],
  ])('byte %i set to %i is refused', (at, value, why) => {
    const changed = Buffer.from(call);
    changed[at] = value;
    expect(() => new MessageReader().push(changed)).toThrow(why);
  });
});
