import { describe, expect, it } from 'vitest';
import { parseDbAddress } from '../../../src/inventory/nova-db/address.ts';
import { problemsOf } from '../support/bundles.ts';

describe('the address of a database', () => {
  it('is read as nova.conf writes it, with the signs of a password as they are or escaped', () => {
    const address = parseDbAddress('mysql+pymysql://nova:p%40ss:w/rd@10.0.0.5:3307/nova_cell1?charset=utf8');

    expect(address).toMatchObject({
      kind: 'mysql',
      host: '10.0.0.5',
      port: 3307,
      user: 'nova',
      database: 'nova_cell1',
      tls: { use: 'no' },
      shown: 'mysql://nova@10.0.0.5:3307/nova_cell1',
    });
    expect(address.password?.reveal()).toBe('p@ss:w/rd');
    expect(JSON.stringify(address)).not.toContain('ss:w/rd');
  });

  it.each([
    ['mysql://u@db/nova', 'mysql://u@db:3306/nova'],
    ['mariadb+mariadbconnector://u:p@db/nova', 'mysql://u@db:3306/nova'],
    ['postgresql+psycopg2://u:p@[2001:db8::1]:6543/nova', 'postgresql://u@[2001:db8::1]:6543/nova'],
    ['mysql://u:p@/nova?unix_socket=/run/mysqld/mysqld.sock', 'mysql://u@/run/mysqld/mysqld.sock/nova'],
    [
      'postgresql://u:p@/nova?host=/var/run/postgresql',
      'postgresql://u@/var/run/postgresql/.s.PGSQL.5432/nova',
    ],
  ])('%s is %s', (text, shown) => {
    expect(parseDbAddress(text).shown).toBe(shown);
  });

  it.each([
    ['mysql://u@db/n', { use: 'no', check: 'nothing' }],
    ['mysql://u@db/n?ssl_ca=/ca.pem', { use: 'yes', check: 'name', ca: '/ca.pem' }],
    [
      'mysql://u@db/n?ssl_ca=/ca.pem&ssl_verify_identity=false',
      { use: 'yes', check: 'signer', ca: '/ca.pem' },
    ],
    ['mysql://u@db/n?ssl_ca=/ca.pem&ssl_verify_cert=false', { use: 'yes', check: 'nothing', ca: '/ca.pem' }],
    ['mysql://u@db/n?ssl=true', { use: 'yes', check: 'nothing' }],
    ['mysql://u@db/n?ssl_mode=REQUIRED', { use: 'yes', check: 'nothing' }],
    ['mysql://u@db/n?ssl_cert=/c&ssl_key=/k', { use: 'yes', check: 'nothing', cert: '/c', key: '/k' }],
    ['postgresql://u@db/n', { use: 'prefer', check: 'nothing' }],
    ['postgresql://u@db/n?sslmode=require', { use: 'yes', check: 'nothing' }],
    ['postgresql://u@db/n?sslmode=require&sslrootcert=/ca', { use: 'yes', check: 'signer', ca: '/ca' }],
    ['postgresql://u@db/n?sslmode=verify-full&sslrootcert=system', { use: 'yes', check: 'name' }],
    ['postgresql://u@db/n?sslmode=disable', { use: 'no', check: 'nothing' }],
  ])('%s asks for TLS as its client would', (text, tls) => {
    expect(parseDbAddress(text).tls).toEqual(tls);
  });

  it.each([
    ['sqlite:///nova.db', 'sqlite is no database that Nova runs on'],
    ['nova:sesame@db/nova', 'no address of a database'],
    ['mysql://:sesame@db/nova', 'the address names no user'],
    ['mysql://nova:sesame@db', 'the address names no database'],
    ['mysql://nova:sesame@db/nova?ssl_mode=MAYBE', 'ssl_mode=MAYBE is none'],
    ['postgresql://nova:sesame@db/nova?sslmode=perhaps', 'sslmode=perhaps is none'],
  ])('%s is refused without showing its password', (text, summary) => {
    const [problem] = problemsOf(() => parseDbAddress(text));

    expect(problem?.summary).toBe(summary);
    expect(JSON.stringify(problem)).not.toContain('sesame');
  });
});
