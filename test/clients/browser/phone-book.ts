// The screen that each page shows, whatever its client: people with their phones, which can be added, changed and deleted,
// and the directory, page by page. It keeps no data: it shows what the client says, whenever the client says it.

/** Some clients have undefined in place of null. */
type Maybe<Value> = Value | null | undefined;

export interface Phone {
  readonly id: string;
  readonly number: Maybe<string>;
  readonly createdBy: Maybe<{ readonly user: Maybe<{ readonly displayName: Maybe<string> }> }>;
}

export interface Person {
  readonly id: string;
  readonly displayName: Maybe<string>;
  readonly phones: Maybe<readonly Phone[]>;
}

export type Entry = Pick<Person, 'id' | 'displayName'>;

/** What a page does with its client. */
export interface PhoneBook {
  /** Shows these people now, and again whenever the client's cache has changed. */
  watch(ids: readonly string[], show: (people: readonly Maybe<Person>[]) => void): void;
  /** Shows what is there of the directory now, and again whenever the client's cache has changed. */
  watchDirectory(first: number, show: (entries: readonly Entry[]) => void): void;
  add(userId: string, number: string): Promise<unknown>;
  change(id: string, number: string): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  refetch(): Promise<unknown>;
  nextPage(): Promise<unknown>;
}

export interface Connection {
  readonly url: string;
  readonly token: string;
}

/** Opens the page for the gateway, token and people that its address names. */
export function openPhoneBook(name: string, connect: (connection: Connection) => PhoneBook): void {
  const parameters = new URL(location.href).searchParams;
  const parameter = (key: string): string => parameters.get(key) ?? '';
  const book = connect({ url: parameter('url'), token: parameter('token') });
  const people = element('main', {});
  const directory = element('ol', { 'aria-label': 'Directory' });
  document.body.append(
    element('h1', {}, name),
    people,
    button('Refetch', () => book.refetch()),
    element('h2', {}, 'Directory'),
    directory,
    button('Next page', () => book.nextPage()),
    element('p', { role: 'alert' }),
  );
  book.watch(parameter('ids').split(','), (shown) =>
    people.replaceChildren(...shown.flatMap((person) => (person ? [cardOf(book, person)] : []))),
  );
  book.watchDirectory(Number(parameter('first')), (entries) =>
    directory.replaceChildren(...entries.map(({ displayName }) => element('li', {}, displayName ?? ''))),
  );
}

function cardOf(book: PhoneBook, { id, displayName, phones }: Person): HTMLElement {
  const input = element('input', { 'aria-label': 'Number' });
  const rows = (phones ?? []).map((phone) => rowOf(book, phone, input));
  const card = element('section', { 'aria-label': id }, element('h2', {}, displayName ?? ''));
  card.append(
    element('ul', {}, ...rows),
    input,
    button('Add', () => book.add(id, input.value)),
  );
  return card;
}

function rowOf(book: PhoneBook, { id, number, createdBy }: Phone, input: HTMLInputElement): HTMLElement {
  const row = element('li', { 'aria-label': id });
  row.append(
    element('b', {}, number ?? ''),
    element('i', {}, createdBy?.user?.displayName ?? ''),
    button('Change', () => book.change(id, input.value)),
    button('Delete', () => book.remove(id)),
  );
  return row;
}

function button(name: string, run: () => Promise<unknown>): HTMLElement {
  const made = element('button', {}, name);
  made.addEventListener('click', () => void run().catch(alert));
  return made;
}

/** What goes wrong stands on the page. */
function alert(error: unknown): void {
  document.querySelector('[role=alert]')?.append(String(error));
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
