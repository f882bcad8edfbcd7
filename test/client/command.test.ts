// The command of the client: what people have in CSV files, what they are told of it, and what is added in the end.
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { personOf } from '../clients/every-client.ts';
import { until } from '../support/emulator.ts';
import { startTestProduct, type TestProduct } from '../support/product.ts';
import { openDesk } from './command.ts';

const ME = (product: TestProduct): string => personOf(product, 'innocenty');
const phonesOf = (product: TestProduct, name: string) =>
  product.emulator.phonesOf(ME(product)).filter(({ displayName }) => displayName === name);
const table = (text: string | null): string[][] => parse(text ?? '', { relax_column_count: true });

describe('import', () => {
  it.each<[string, string, string]>([
    ['commas and names as in the schema', '', 'userId,number,type,displayName,allowedAudiences\n'],
    ['a byte order mark', '\ufeff', 'user,number,type,name,audiences\n'],
    ['semicolons and lines that end as on Windows', '', 'User;Phone Number;Type;Name;Audiences\r\n'],
    ['tabs', '', 'user\tnumber\ttype\tname\taudiences\n'],
  ])('reads a file with %s', async (_what, before, header) => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    const delimiter = /[;\t]/.exec(header)?.[0] ?? ',';
    const row = [ME(product), '+1 425 555 0100', 'home fax', '"A ""name"", with é"', 'organization family'];
    await desk.write('phones.csv', `${before}${header}${row.join(delimiter)}\n\n`);

    const { code, stderr } = await desk.run('import', 'phones.csv');

    expect(stderr).toContain('All 1 phones are added.');
    expect(code).toBe(0);
    expect(phonesOf(product, 'A "name", with é')).toMatchObject([
      { number: '+1 425 555 0100', type: 'homeFax', allowedAudiences: expect.stringContaining('family') },
    ]);
    expect(await desk.read('phones.failed.csv')).toBeNull();
  });

  it('keeps numbers as they are typed, and tidies them when told to', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    await desk.write('phones.csv', `user,number,name\n${ME(product)},  +1 425  555 0100 ,Messy\n`);
    expect((await desk.run('import', 'phones.csv')).code).toBe(0);
    expect((await desk.run('import', 'phones.csv', '--tidy', '--journal', 'other')).code).toBe(0);
    expect(phonesOf(product, 'Messy').map(({ number }) => number)).toEqual([
      '  +1 425  555 0100 ',
      '+1 425 555 0100',
    ]);
  });

  it('adds nothing twice when it is run again', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    await desk.write('phones.csv', `user,number,name\n${ME(product)},+1 425 555 0100,Again\n`);
    for (let times = 0; times < 2; times += 1) expect((await desk.run('import', 'phones.csv')).code).toBe(0);
    expect(phonesOf(product, 'Again')).toHaveLength(1);
  });

  it('ends when it is told to, and goes on when it is run again', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    await desk.write('phones.csv', `user,number,name\n${ME(product)},+1 425 555 0100,Stopped\n`);
    product.emulator.faults.add({
      on: { method: 'POST', path: '/profile/phones' },
      do: { hang: 'after-commit' },
    });
    const isThere = (): Promise<void> => until(() => phonesOf(product, 'Stopped').length === 1);

    const stopped = await desk.runAndStop(isThere, 'import', 'phones.csv');

    expect(stopped).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('Stopped. Run the same command again'),
    });
    expect(await desk.run('import', 'phones.csv')).toMatchObject({ code: 0 });
    expect(phonesOf(product, 'Stopped')).toHaveLength(1);
  });

  it('writes what was not added to a file that can be corrected and imported', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    const rows = [
      'user,number,name,note,type',
      `${ME(product)},+1 425 555 0100,Good,,`,
      `${ME(product)},,Empty,,`,
      '00000000-0000-4000-8000-000000000000,+1 425 555 0101,Nobody,,',
      `${ME(product)},+1 425 555 0102,"A, B","two\nlines",car`,
      `${ME(product)},+1 425 555 0103,More,,,cells,than,columns`,
    ];
    await desk.write('phones.csv', `${rows.join('\n')}\n`);

    const { code, stderr } = await desk.run('import', 'phones.csv');

    expect(code).toBe(1);
    expect(stderr).toContain('1 of 5 phones are added. phones.failed.csv has the others, with the reasons.');
    expect(phonesOf(product, 'Good')).toHaveLength(1);
    const failed = table(await desk.read('phones.failed.csv'));
    expect(failed.map((cells) => [cells[2], ...cells.slice(-3, -1)])).toEqual([
      ['name', 'line', 'code'],
      ['Empty', '3', 'INVALID_INPUT'],
      ['Nobody', '4', 'NOT_FOUND'],
      ['A, B', '6', 'INVALID_INPUT'],
      ['More', '7', 'INVALID_INPUT'],
    ]);

    await desk.write('again.csv', (await desk.read('phones.failed.csv'))?.replace(',car,', ',mobile,') ?? '');
    expect((await desk.run('import', 'again.csv')).code).toBe(1);
    expect(phonesOf(product, 'A, B')).toHaveLength(1);
  });

  it('says with --dry-run what is wrong and what is unusual, by line and without a number, and adds nothing', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    const me = ME(product);
    const numbers: readonly [string, RegExp | null][] = [
      ['+1 425 882 8080', null],
      [' +1 425 882 8080', /Line 3: the number has spaces around the number/],
      ['＋１ ４２５ ８８２ ８０８０', /Line 4: the number has full-width or other unusual characters/],
      ['+1 425 882 8080 x12', /Line 5: the number has an extension/],
      ['(425) 882-8080', /Line 6: the number has no country code/],
      ['ask Grace', /Lines 7, 12: the number cannot be read as a phone number/],
      ['+1 425\u00a0882 8080', /Line 8: the number has several spaces in a row, or spaces of another kind/],
      ['+1 425 55', /Line 9: the number has digits that the plan of its country does not allow/],
      ['+1 800 FLOWERS', /Line 10: the number has letters that stand for digits/],
      ['\u202e0808 288 524 1+', /Line 11: cannot be added: The number has control characters/],
    ];
    const rows = numbers.map(([number]) => `${me},${number}\n`);
    await desk.write('phones.csv', `user,number,shoe size\n${rows.join('')}nobody@contoso.com,1\n`);

    const { code, stderr } = await desk.run('import', 'phones.csv', '--dry-run');

    expect(code).toBe(1);
    for (const [, told] of numbers) if (told !== null) expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/Lines? 2\b/);
    expect(stderr).toContain('The column "shoe size" is not used.');
    expect(stderr).toMatch(/Line 12: cannot be added: There is no such person/);
    expect(stderr).toContain('9 of 11 rows can be added.');
    expect(stderr).not.toMatch(/882|8080|Grace/);
    expect(
      product.emulator.calls.filter(({ method, path }) => method === 'POST' && !path.includes('$batch')),
    ).toEqual([]);
    expect(await desk.read('phones.csv.journal')).toBeNull();
    expect(await desk.read('phones.failed.csv')).toBeNull();
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'The file is empty.'],
    ['without a column for the number', 'user,phone no\n1,2\n', 'There is no column `number`.'],
    ['with two', 'number,phone\n1,2\n', 'There are several columns for number.'],
    ['in another encoding', Uint8Array.of(...Buffer.from('number\n'), 0xe9), 'The file is not in UTF-8.'],
    ['with a quote that never ends', 'number\n"1\n', 'Quote Not Closed'],
  ])('says of a file what is wrong with it: %s', async (_what, content, message) => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    await desk.write('phones.csv', content);
    const { code, stderr } = await desk.run('import', 'phones.csv');
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\bat .*:\d+/);
    expect(code).toBe(1);
  });

  it.each<[readonly string[], string]>([
    [[], 'say `import FILE` or `export`'],
    [['import'], 'say `import FILE` or `export`'],
    [['import', 'a.csv', 'b.csv'], 'b.csv is too much'],
    [['export', '--nonsense'], "Unknown option '--nonsense'"],
    [['import', 'phones.csv', '--country', 'Narnia'], '--country must be two letters such as US, not Narnia'],
    [['export', '--url', 'nowhere'], 'url must be an absolute URL, not nowhere.'],
    [
      ['import', 'phones.csv', '--patience', 'none'],
      '--patience must be a whole number of seconds from 1, not none',
    ],
  ])('tells who calls it wrongly: %j', async (args, message) => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    await desk.write('phones.csv', 'number\n1\n');
    const { code, stderr } = await desk.run(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('export', () => {
  it('writes everybody’s phones in a form that the import reads', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    const evil = '=HYPERLINK("http://evil.example","a, b")';
    product.emulator.faults.clear();
    await desk.write(
      'phones.csv',
      `user,number,name\n${ME(product)},-1 425,"${evil.replaceAll('"', '""')}"\n`,
    );
    await desk.run('import', 'phones.csv');

    const { code, stderr } = await desk.run('export', '--out', 'all.csv');

    expect(code).toBe(0);
    const [header, ...rows] = table(await desk.read('all.csv'));
    const all = product.emulator.people.flatMap(({ id }) => product.emulator.phonesOf(id));
    expect(header).toEqual(['user', 'userName', 'id', 'number', 'type', 'name', 'audiences', 'modified']);
    expect(stderr).toContain(`${all.length} phones of ${product.emulator.people.length} people.`);
    expect(rows).toHaveLength(all.length);
    const own = rows.find(([, , , , , name]) => name?.includes('HYPERLINK'));
    expect(own).toMatchObject({ 3: "'-1 425", 5: `'${evil}` });
    expect(rows.flat().filter((cell) => /^[=@\t\r-]/.test(cell))).toEqual([]);

    await desk.write(
      'back.csv',
      [header, own].map((cells) => cells?.map((cell) => `"${cell.replaceAll('"', '""')}"`).join()).join('\n'),
    );
    expect((await desk.run('import', 'back.csv')).code).toBe(0);
    expect(phonesOf(product, evil).map(({ number }) => number)).toEqual(['-1 425', '-1 425']);
  });

  it('says whose phones could not be read, and leaves the rest', async () => {
    await using product = await startTestProduct();
    await using desk = await openDesk(product);
    const path = `/${ME(product)}/profile/phones`;
    product.emulator.faults.add({ on: { method: 'GET', path }, times: 9, do: { status: 403 } });
    const { code, stdout, stderr } = await desk.run('export');
    expect(code).toBe(1);
    expect(stderr).toContain(`The phones of these cannot be read: ${ME(product)} (FORBIDDEN).`);
    expect(stdout).not.toContain(ME(product));
    expect(table(stdout).length).toBeGreaterThan(100);
  });
});
