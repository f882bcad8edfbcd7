// DateTime: RFC 3339 text, handed through character for character. A JavaScript Date would keep three of Graph's seven
// fraction digits and lose the offset.
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,12})?([Zz]|[+-]\d{2}:\d{2})$/;

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: (value) => String(value),
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null),
});

/** The message must not hold the value: it may be anything that was typed into the wrong field. */
function read(value: unknown): string {
  if (typeof value === 'string' && RFC_3339.test(value)) return value;
  throw new GraphQLError(
    'DateTime cannot represent a value that is no RFC 3339 instant, such as 2020-07-06T06:34:12Z.',
  );
}
