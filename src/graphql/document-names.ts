// Removes unknown names from error messages. GraphQL's messages quote the document. When introspection is off, a message may
// repeat names of the schema only, and nothing else that the client sent.
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** All names of the schema: types, fields, arguments, enum values and directives. */
export function namesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    names.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      names.add(field.name);
      for (const { name } of field.args) names.add(name);
    }
  }
  for (const directive of schema.getDirectives()) {
    names.add(directive.name);
    for (const { name } of directive.args) names.add(name);
  }
  return names;
}

/** The message without quotations that contain other words than known names. Punctuation is kept. */
export function withoutNames(message: string, known: ReadonlySet<string>): string {
  return message.replaceAll(/ ?"((?:[^"\\]|\\.)*)"/g, (quotation, quoted: string) => {
    const words = quoted.split(/\W+/).filter((word) => word !== '');
    return words.every((word) => known.has(word)) ? quotation : '';
  });
}
