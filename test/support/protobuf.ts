// Parses the wire format of protobuf without a schema: the values of each field number.
// Source: protobuf.dev, "Encoding".

export interface Message {
  /** The first value of a number or an enum. 0 when the field is absent, as in protobuf. */
  number(field: number): number;
  /** The first value of a fixed 64-bit field. */
  big(field: number): bigint;
  double(field: number): number | null;
  text(field: number): string;
  hex(field: number): string;
  messages(field: number): readonly Message[];
  has(field: number): boolean;
}

type Value = number | bigint | Buffer;

export function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, Value[]>();
  let at = 0;
  function varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  }
  function take(size: number): Buffer {
    if (at + size > bytes.length) throw new RangeError('a field goes beyond the end of its message');
    at += size;
    return bytes.subarray(at - size, at);
  }
  function value(type: number): Value {
    if (type === 0) return varint();
    if (type === 1) return take(8).readBigUInt64LE();
    if (type === 2) return take(varint());
    if (type === 5) return take(4).readUInt32LE();
    throw new TypeError(`there is no wire type ${type}`);
  }
  while (at < bytes.length) {
    const tag = varint();
    const field = tag >>> 3;
    fields.set(field, [...(fields.get(field) ?? []), value(tag & 7)]);
  }
  const buffers = (field: number): Buffer[] =>
    (fields.get(field) ?? []).filter((one): one is Buffer => one instanceof Buffer);
  return {
    number: (field) => Number(fields.get(field)?.[0] ?? 0),
    big: (field) => BigInt((fields.get(field)?.[0] as bigint | undefined) ?? 0n),
    double(field) {
      const bits = fields.get(field)?.[0];
      if (typeof bits !== 'bigint') return null;
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, bits);
      return view.getFloat64(0);
    },
    text: (field) => buffers(field)[0]?.toString() ?? '',
    hex: (field) => buffers(field)[0]?.toString('hex') ?? '',
    messages: (field) => buffers(field).map(readMessage),
    has: (field) => fields.has(field),
  };
}
