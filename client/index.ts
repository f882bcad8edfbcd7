// What the package offers.
export * from './__generated__/graphql.ts';
export type { AddPhonesOptions, AddPhonesProgress, AddPhonesResult } from './add-phones.ts';
export type { AddPhoneResult, DeletePhoneResult, Phone, UpdatePhoneResult } from './changes.ts';
export {
  createPhonesClient,
  type PhonesClient,
  type PhonesClientOptions,
  type RequestOptions,
} from './client.ts';
export type { DocumentTypeDecoration, TypedDocument } from './document.ts';
export { type ErrorCode, type GatewayErrorCode, type GraphTrace, PhonesError } from './errors.ts';
export type { TokenProvider, TokenRequest, TraceContext } from './exchange.ts';
export { createMemoryJournal, type Journal, type JournalEntry } from './journal.ts';
export type { DirectoryOptions, User } from './reads.ts';
export type { AddedPhone, Refused, UserError } from './results.ts';
export type { Runtime } from './runtime.ts';
export type { CallOptions } from './session.ts';
