import { describe, expect, it } from 'vitest';
import { table } from '../../src/report/table.ts';
import { cutToWidth, foldText, textWidth, wrapText } from '../../src/report/text-width.ts';
import { dataSize, decimal, duration, nameList, percent, shellWord } from '../../src/report/words.ts';

describe('a table', () => {
  const columns = [
    { header: 'name', shrinksTo: 4 },
    { header: 'n', align: 'right' },
  ] as const;

  it('is as wide as its cells, without blanks at the end of a line', () => {
    expect(
      table(
        columns,
        [
          ['a', '1'],
          ['bb', '22'],
        ],
        80,
      ),
    ).toEqual(['name   n', 'a      1', 'bb    22']);
  });

  it('goes on below with what may shrink and does not fit, and cuts nothing', () => {
    expect(table(columns, [['abcdefgh', '1']], 9)).toEqual(['name    n', 'abcdef  1', 'gh']);
    expect(table(columns, [['abcdefgh', '1']], 7)).toEqual(['name  n', 'abcd  1', 'efgh']);
    expect(table(columns, [['ab cd ef', '1']], 9)).toEqual(['name    n', 'ab cd   1', 'ef']);
    expect(table([columns[1], columns[0]], [['1', '漢字漢']], 8)).toEqual(['n  name', '1  漢字', '   漢']);
  });

  it('lists the cells of each row below one another where they do not fit side by side', () => {
    expect(
      table(
        [{ header: 'step' }, { header: 'server' }, { header: 'host' }],
        [
          ['s1', 'a-long-name', 'h1'],
          ['s2', '', 'h2'],
        ],
        15,
      ),
    ).toEqual([
      'step',
      '  s1',
      '  server',
      '    a-long-name',
      '  host',
      '    h1',
      '',
      'step',
      '  s2',
      '  host',
      '    h2',
    ]);
  });

  it('leaves out columns with nothing in them', () => {
    expect(table(columns, [['a', '']], 80)).toEqual(['name', 'a']);
  });

  it('counts what terminals show, not characters', () => {
    expect(textWidth('漢字')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('⌚🚀')).toBe(4);
    expect(textWidth('\u1112\u1161\u11AB')).toBe(2); // a Hangul syllable in its parts
    expect(textWidth('\u0915\u093E')).toBe(2); // a vowel that stands beside its letter
    expect(textWidth('🇩🇪')).toBe(2);
    expect(textWidth('\u001B[1mab\u001B[22m')).toBe(2);
    expect(cutToWidth('漢字漢字', 5)).toBe('漢字…');
    expect(cutToWidth('\u001B[31mabcdef\u001B[39m', 4)).toBe('\u001B[31mabc…\u001B[39m');
    expect(
      table(
        columns,
        [
          ['漢字', '1'],
          ['abcd', '2'],
        ],
        80,
      ),
    ).toEqual(['name  n', '漢字  1', 'abcd  2']);
  });

  it('takes as many rows as a plan may have', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [`s${index}`, '1']);

    expect(table(columns, rows, 80)).toHaveLength(200_001);
  });
});

describe('words', () => {
  it('breaks lines at blanks', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('an unbreakable word', 5)).toEqual(['an', 'unbreakable', 'word']);
    expect(wrapText('do `planner run x`, then', 8)).toEqual(['do', '`planner run x`,', 'then']);
    expect(wrapText('`run x` then', 8)).toEqual(['`run x`', 'then']);
    expect(wrapText('a  b', 5)).toEqual(['a  b']);
    expect(wrapText('', 5)).toEqual(['']);
    expect(foldText('unbreakable word', 5)).toEqual(['unbre', 'akabl', 'e', 'word']);
    expect(foldText('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(foldText('do `planner run x`', 9)).toEqual(['do', '`planner', 'run x`']);
    expect(foldText('do `planner run x`', 15)).toEqual(['do', '`planner run x`']);
  });

  it('says times as people do', () => {
    expect([0, 45, 119, 120, 3540, 5400, 7200, 172_800, 180_000].map((seconds) => duration(seconds))).toEqual(
      ['0 s', '45 s', '119 s', '2 min', '59 min', '1 h 30 min', '2 h', '2 d', '2 d 2 h'],
    );
  });

  it('says amounts, shares and numbers', () => {
    expect([0, 2 ** 20, 2 ** 30, 1.5 * 2 ** 30, 200.4 * 2 ** 30].map((bytes) => dataSize(bytes))).toEqual([
      '0 GiB',
      '1 MiB',
      '1 GiB',
      '1.5 GiB',
      '200 GiB',
    ]);
    expect([0, 0.0001, 0.0312, 1].map((share) => percent(share))).toEqual([
      '0 %',
      'below 0.1 %',
      '3.1 %',
      '100 %',
    ]);
    expect([3, 2.5, -0.001, 1.999].map((value) => decimal(value, 2))).toEqual(['3', '2.5', '0', '2']);
  });

  it('lists names, and counts those past the limit', () => {
    expect(nameList(['a', 'b\n', 'c'], 2)).toBe('a, b\\n and 1 more');
  });

  it('quotes words of a shell where they need it', () => {
    expect(['plan.json', 'a b', "it's", '$(x)', ''].map((word) => shellWord(word))).toEqual([
      'plan.json',
      "'a b'",
      "'it'\\''s'",
      "'$(x)'",
      "''",
    ]);
  });
});
