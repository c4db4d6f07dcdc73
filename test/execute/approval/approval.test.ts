import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { approve, approverOf, unmetDemands } from '../../../src/execute/approval/approval.ts';
import { parseApproval } from '../../../src/execute/approval/approval-file.ts';
import { fingerprintOf, readApprovers, readPrivateKey } from '../../../src/execute/approval/keys.ts';

const pemOf = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    shown: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
  };
};

const ada = pemOf();
const bob = pemOf();
const approvers = readApprovers(`Ada, operations\n${ada.shown}`, 'keys.pem');
const planSha256 = 'a'.repeat(64);
const approval = approve(
  { plan: '0123456789ab', planSha256, approvedAt: '2026-03-01T04:00:00.000Z', comment: 'tonight' },
  readPrivateKey(ada.secret, 'ada.key', undefined),
);

describe('an approval', () => {
  it('counts for the bytes that it was given for, by a key that is asked for', () => {
    expect(approverOf(approval, planSha256, approvers)).toMatchObject({
      name: 'Ada, operations',
      fingerprint: ada.fingerprint,
    });
    expect(parseApproval(JSON.stringify(approval), 'a.json')).toEqual(approval);
  });

  it('counts for nothing with other bytes, another key, or a word that was changed', () => {
    expect(approverOf(approval, 'b'.repeat(64), approvers)).toBe('other-bytes');
    expect(approverOf(approval, planSha256, readApprovers(bob.shown, 'bob.pem'))).toBe('unknown-key');
    for (const changed of [
      { ...approval, comment: 'any time' },
      { ...approval, approvedAt: '2026-03-02T04:00:00.000Z' },
      { ...approval, plan: 'ba9876543210' },
      { ...approval, signature: Buffer.alloc(64).toString('base64') },
    ])
      expect(approverOf(changed, planSha256, approvers)).toBe('wrong-signature');
    const byBob = approve(
      { plan: approval.plan, planSha256, approvedAt: approval.approvedAt },
      readPrivateKey(bob.secret, 'bob.key', undefined),
    );
    expect(approverOf({ ...byBob, key: ada.fingerprint }, planSha256, approvers)).toBe('wrong-signature');
  });

  it('is refused as a document where it is none, with every problem', () => {
    expect(() => parseApproval('{', 'a.json')).toThrow('approval.not-json');
    expect(() => parseApproval('{"formatVersion":1,"kind":"plan","key":"x"}', 'a.json')).toThrow(
      /\$\.kind[^]*\$\.plan[^]*\$\.key/,
    );
  });
});

describe('keys', () => {
  it('are told apart by what they are, and never shown', () => {
    const other = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

    expect(() => readPrivateKey(other.toString(), 'x.key', undefined)).toThrow('openssl genpkey');
    expect(() => readPrivateKey(ada.shown, 'x.key', undefined)).toThrow('approval.key');
    expect(() => readApprovers(ada.secret, 'keys.pem')).toThrow('key 1 is no public Ed25519 key');
    expect(() => readApprovers('', 'keys.pem')).toThrow('there is no public key in PEM');
    expect(() => readApprovers(`${ada.shown}\nBob\n${bob.secret}`, 'keys.pem')).toThrow('key 2 is no');
  });

  it('that are encrypted need their passphrase', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const cipher = 'aes-256-cbc';
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher, passphrase: 'open' }).toString();

    expect(() => readPrivateKey(pem, 'x.key', undefined)).toThrow('PLANNER_KEY_PASSPHRASE');
    expect(() => readPrivateKey(pem, 'x.key', 'shut')).toThrow('can be opened');
    expect(readPrivateKey(pem, 'x.key', 'open').asymmetricKeyType).toBe('ed25519');
  });
});

describe('demands', () => {
  const keys = (...names: readonly string[]) => new Set(names);

  it('are met by one approval each, whoever is asked first', () => {
    expect(unmetDemands([keys('ada', 'bob'), keys('ada')], keys('ada', 'bob'))).toEqual([]);
    expect(unmetDemands([keys('ada'), keys('ada', 'bob')], keys('ada', 'bob'))).toEqual([]);
  });

  it('are not met by one approval for two, nor by nobody', () => {
    expect(unmetDemands([keys('ada', 'bob'), keys('ada', 'bob')], keys('ada'))).toEqual([1]);
    expect(unmetDemands([keys('ada'), keys('bob')], keys())).toEqual([0, 1]);
  });
});
