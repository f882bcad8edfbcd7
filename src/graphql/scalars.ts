// The scalar DateTime: an RFC 3339 string, passed on unchanged. A JavaScript Date would keep only three of Graph's seven
// fraction digits and lose the offset.
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,12})?([Zz]|[+-]\d{2}:\d{2})$/;

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: (value) => String(value),
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null),
});

/** The message must not contain the value, which can be any user input. */
function read(value: unknown): string {
  if (typeof value === 'string' && RFC_3339.test(value)) return value;
  throw new GraphQLError(
    'DateTime cannot represent a value that is not an RFC 3339 date-time, such as 2020-07-06T06:34:12Z.',
  );
}
