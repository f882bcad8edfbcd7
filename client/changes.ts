// One change at a time, repeated until its outcome is known or the budget is spent. An addition has an idempotency key, so
// that it adds one phone however often it is sent. A change or a deletion can be sent again as it is: the gateway looks
// before it does anything.
import {
  AddPhoneDocument,
  type AddPhoneInput,
  type AddPhoneMutation,
  DeletePhoneDocument,
  type DeletePhoneInput,
  type DeletePhoneMutation,
  type PhoneFieldsFragment,
  UpdatePhoneDocument,
  type UpdatePhoneInput,
  type UpdatePhoneMutation,
} from './__generated__/graphql.ts';
import type { PhonesError } from './errors.ts';
import type { Outcome } from './exchange.ts';
import { persist, whileRetryable } from './persist.ts';
import { dataOf, nothingThere, type Refused, type UserError, userErrorsOf, whileOpen } from './results.ts';
import type { CallOptions, Operation, Session } from './session.ts';

export type Phone = PhoneFieldsFragment;

export type AddPhoneResult = ({ readonly ok: true; readonly phone: Phone } | Refused) & {
  /** The key that was used: to call again with, when the outcome is still unknown. */
  readonly idempotencyKey: string;
};

export type UpdatePhoneResult = { readonly ok: true; readonly phone: Phone } | Refused;

export type DeletePhoneResult = { readonly ok: true; readonly deletedPhoneId: string } | Refused;

export async function addPhone(
  session: Session,
  input: AddPhoneInput,
  options: CallOptions,
): Promise<AddPhoneResult> {
  const idempotencyKey = input.idempotencyKey ?? session.runtime.key();
  const operation = changeOf(AddPhoneDocument, { ...input, idempotencyKey });
  try {
    const payload = payloadOf<AddPhoneMutation, 'addPhone'>(
      await change(session, operation, options),
      'addPhone',
    );
    const refused = refusedIn(payload.userErrors);
    if (refused !== null) return { ...refused, idempotencyKey };
    if (payload.phone === null) throw nothingThere();
    return { ok: true, phone: payload.phone, idempotencyKey };
  } catch (error) {
    throw withKey(error, idempotencyKey);
  }
}

export async function updatePhone(
  session: Session,
  input: UpdatePhoneInput,
  options: CallOptions,
): Promise<UpdatePhoneResult> {
  const outcome = await change(session, changeOf(UpdatePhoneDocument, input), options);
  const { phone, userErrors } = payloadOf<UpdatePhoneMutation, 'updatePhone'>(outcome, 'updatePhone');
  const refused = refusedIn(userErrors);
  if (refused !== null) return refused;
  if (phone === null) throw nothingThere();
  return { ok: true, phone };
}

export async function deletePhone(
  session: Session,
  input: DeletePhoneInput,
  options: CallOptions,
): Promise<DeletePhoneResult> {
  let unanswered = 0;
  const outcome = await change(
    session,
    changeOf(DeletePhoneDocument, input),
    options,
    ({ errors, mayHaveRun }) => {
      if (errors.length > 0 && mayHaveRun) unanswered += 1;
    },
  );
  const { deletedPhoneId, userErrors } = payloadOf<DeletePhoneMutation, 'deletePhone'>(
    outcome,
    'deletePhone',
  );
  // An earlier try, of which there is no answer, has deleted it.
  if (unanswered > 0 && userErrors[0]?.code === 'NOT_FOUND') return { ok: true, deletedPhoneId: input.id };
  const refused = refusedIn(userErrors);
  if (refused !== null) return refused;
  if (deletedPhoneId === null) throw nothingThere();
  return { ok: true, deletedPhoneId };
}

function changeOf(document: Operation['document'] & object, input: object): Operation {
  return { document, variables: { input }, isRepeatable: true };
}

function change(
  session: Session,
  operation: Operation,
  options: CallOptions,
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome> {
  const { signal, budgetMs = session.changeBudgetMs } = options;
  const attempt = async (leftMs: number): Promise<Outcome> => {
    const outcome = await session.once(operation, options, leftMs);
    onOutcome(outcome);
    return outcome;
  };
  return persist(session.runtime, { budgetMs, signal }, attempt, (outcome) =>
    outcome.errors.length > 0 ? whileRetryable(outcome) : whileOpen(errorsIn(outcome)),
  );
}

/** The user errors of the one field of a change. */
function errorsIn({ data }: Outcome): readonly UserError[] {
  const [payload] = Object.values(data ?? {}) as ({
    readonly userErrors?: Parameters<typeof userErrorsOf>[0];
  } | null)[];
  return userErrorsOf(payload?.userErrors ?? []);
}

function payloadOf<M, Field extends keyof M>(outcome: Outcome, field: Field): NonNullable<M[Field]> {
  const payload = dataOf<M>(outcome)[field];
  if (payload === null || payload === undefined) throw nothingThere();
  return payload;
}

function refusedIn(errors: Parameters<typeof userErrorsOf>[0]): Refused | null {
  return errors.length === 0 ? null : { ok: false, userErrors: userErrorsOf(errors) };
}

function withKey(error: unknown, key: string): unknown {
  if (error instanceof Error && error.name === 'PhonesError') (error as PhonesError).idempotencyKey = key;
  return error;
}
