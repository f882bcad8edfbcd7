// Names of a document that an error message repeats. GraphQL's own messages quote what they are about; where the schema
// is not for everybody to read, only its own names are told back, and nothing that a client made up.
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** Every name of the schema: of types, fields, arguments, enum values and directives. */
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

/** A message without the quotations that are not made of known names; punctuation may stay. */
export function withoutNames(message: string, known: ReadonlySet<string>): string {
  return message.replaceAll(/ ?"((?:[^"\\]|\\.)*)"/g, (quotation, quoted: string) => {
    const words = quoted.split(/\W+/).filter((word) => word !== '');
    return words.every((word) => known.has(word)) ? quotation : '';
  });
}
