import { expect, test } from 'vitest';
import { mostRevisions, type Saving } from '#core/documents/document-store.ts';
import { aDocument, DocumentsCopy, onAllStores } from '#kit/document-stores.ts';
import { codeOf } from '#kit/journal-stores.ts';

const by = (name: string, message = ''): Saving => ({ by: name, at: 1_800_000_000_000, message });

onAllStores('a store of documents', (bench) => {
  test('keeps what was saved, revision by revision, also after removal', async () => {
    const store = await bench().open();
    const other = await bench().open();
    const first = await store.save(aDocument('sysctl', 'a\n'), null, by('ada', 'begin'));
    expect(first).toMatchObject({ revision: 1, by: 'ada', message: 'begin' });
    const second = await store.save(aDocument('sysctl', 'b\n', { targets: 'label:role=web' }), 1, by('bob'));
    expect(second.hash).not.toBe(first.hash);
    expect((await other.read('sysctl', null)).document).toMatchObject({ content: 'b\n', targets: 'label:role=web' });
    expect((await other.read('sysctl', 1)).document?.content).toBe('a\n');
    await store.remove('sysctl', 2, by('ada', 'not needed'));
    expect(await codeOf(other.read('sysctl', null))).toBe('not-found');
    expect((await other.read('sysctl', 2)).document?.content).toBe('b\n');
    expect((await other.read('sysctl', 3)).document).toBe(null);
    expect(await store.save(aDocument('sysctl', 'c\n'), null, by('cem'))).toMatchObject({ revision: 4 });
    expect(
      (await other.revisions('sysctl')).map(({ revision, by: who, hash }) => [revision, who, hash === null]),
    ).toEqual([
      [4, 'cem', false],
      [3, 'ada', true],
      [2, 'bob', false],
      [1, 'ada', false],
    ]);
  });

  test('refuses a save whose base is not the newest, and says who saved what', async () => {
    const [ada, bob] = [await bench().open(), await bench().open()];
    await ada.save(aDocument('motd', 'a\n'), null, by('ada'));
    await expect(bob.save(aDocument('motd', 'x\n'), null, by('bob'))).rejects.toThrow(
      'motd already: revision 1 by ada',
    );
    await ada.save(aDocument('motd', 'b\n'), 1, by('ada'));
    await expect(bob.save(aDocument('motd', 'x\n'), 1, by('bob'))).rejects.toThrow('ada saved revision 2');
    expect(await codeOf(bob.remove('motd', 1, by('bob')))).toBe('conflict');
    await ada.remove('motd', 2, by('ada'));
    await expect(bob.save(aDocument('motd', 'x\n'), 2, by('bob'))).rejects.toThrow('ada removed it');
    expect(await codeOf(bob.save(aDocument('new', 'x\n'), 7, by('bob')))).toBe('conflict');
  });

  test('of many that save at the same moment exactly one wins, and no revision is lost or written twice', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => bench().open()));
    for (let round = 0; round < 8; round++) {
      const outcomes = await Promise.all(
        stores.map((store, at) =>
          codeOf(store.save(aDocument('raced', `${round} ${at}\n`), round === 0 ? null : round, by(`p${at}`))),
        ),
      );
      expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'made']);
    }
    const revisions = await stores[0]?.revisions('raced');
    expect(revisions?.map(({ revision }) => revision)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('tells every console of each save and removal at once', async () => {
    const [ada, bob] = [await bench().open(), await bench().open()];
    await ada.save(aDocument('one', '1\n'), null, by('ada'));
    const copy = new DocumentsCopy(bob);
    await copy.until('one', '1\n');
    await ada.save(aDocument('one', '2\n'), 1, by('ada'));
    await copy.until('one', '2\n');
    await ada.save(aDocument('two', 'x\n'), null, by('ada'));
    await copy.until('two', 'x\n');
    await ada.remove('one', 2, by('ada'));
    await copy.until('one', null);
    expect(copy.text('two')).toBe('x\n');
    expect(copy.kept.broken.size).toBe(0);
    copy.stop();
  });

  test('refuses a text that no host could be given', async () => {
    const store = await bench().open();
    await expect(store.save(aDocument('nul', 'a\0b'), null, by('ada'))).rejects.toThrow('NUL byte at character 2');
    await expect(store.save(aDocument('big', 'é'.repeat(140_000)), null, by('ada'))).rejects.toThrow('280000 bytes');
    const most = `${'"'.repeat(262_143)}\n`;
    await store.save(aDocument('most', most), null, by('ada'));
    expect((await store.read('most', null)).document?.content).toBe(most);
  });

  test(`keeps the newest ${mostRevisions} revisions of a document, and says what is gone`, async () => {
    const store = await bench().open();
    const count = mostRevisions + 3;
    for (let at = 0; at < count; at++)
      await store.save(aDocument('old', `${at}\n`), at === 0 ? null : at, by('ada', 'm'));
    const revisions = await store.revisions('old');
    expect(revisions).toHaveLength(mostRevisions);
    expect(revisions.at(-1)).toMatchObject({ revision: 4, message: 'm (revisions 1 to 3 are no longer kept)' });
    await expect(store.read('old', 3)).rejects.toThrow('no longer kept');
    expect((await store.read('old', 4)).document?.content).toBe('3\n');
  }, 60_000);
});
