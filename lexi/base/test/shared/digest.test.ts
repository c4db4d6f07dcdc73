import { expect, it } from 'vitest';
import { digestOf, sha256OfText } from '../../src/shared/digest.ts';

it('hashes text as FIPS 180-2 does', () => {
  expect(sha256OfText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256OfText('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('hashes a value as its canonical JSON', () => {
  expect(digestOf({ name: 'Büro', hosts: [1, 2] })).toBe(sha256OfText('{"hosts":[1,2],"name":"Büro"}'));
});

it('gives values that differ only in the order of members one digest', () => {
  expect(digestOf({ a: 1, b: { c: 2, d: 3 } })).toBe(digestOf({ b: { d: 3, c: 2 }, a: 1 }));
});

it('hashes documents of several megabytes as one text', () => {
  const value = Array.from({ length: 40_000 }, (_, index) => ({
    id: index,
    name: `süd-${index}-🚀`.repeat(3),
  }));

  expect(digestOf(value)).toBe(sha256OfText(JSON.stringify(value)));
});
