import { type ChildProcess, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { makeIdentities } from './admin.ts';
import { password, url, writeConfiguration } from './configuration.ts';
import { hostsAre } from './hosts.ts';
import { places, runFile } from './places.ts';
import { type Ports, freePorts } from './ports.ts';
import { pythonTask, runTask, startDaemon, startTask, stopEverything, taskEnd } from './processes.ts';
import { writeRunningLab } from './running-lab.ts';
import { readHosts } from './spec.ts';
import { waitForHttp, waitForPort } from './wait.ts';

type Say = (line: string) => void;

/** Starts a new cloud, without servers. What was there before is stopped and forgotten. */
export async function startCloud(say: Say): Promise<void> {
  await stopEverything();
  rmSync(places.run, { recursive: true, force: true });
  mkdirSync(places.run, { recursive: true });
  copyFileSync(places.hostsFile, runFile('hosts.json'));
  copyFileSync(places.seedFile, runFile('seed.json'));

  const spec = readHosts(runFile('hosts.json'));
  const ports = await freePorts();
  writeConfiguration(ports, spec);
  writeRunningLab(ports);

  say('database, messages, stand-ins for images and networks');
  startMessages(ports);
  startNeighbours(ports);
  await startDatabase(ports);
  await startServices(ports, Object.keys(spec.hosts), say);
}

/** The schemas and Keystone are made side by side; Nova's services follow, from the process that made its schema. */
async function startServices(ports: Ports, hosts: readonly string[], say: Say): Promise<void> {
  say('schemas, Keystone, Placement');
  const nova = startTask('nova', pythonTask('nova_services.py', 'cloud', ...hosts));
  const novaEnd = taskEnd('nova', nova);
  await Promise.all([
    startKeystone(ports).then(() => makeIdentities(ports)),
    startPlacement(ports),
    waitForPort(ports.messages, 'RabbitMQ'),
    Promise.race([saysLine(nova, 'schema'), novaEnd]),
  ]);

  say(`Nova with ${hosts.length} hosts`);
  nova.stdin?.end('go on\n');
  await novaEnd;
  await waitForHttp(url(ports.compute), 'nova-api');
  await hostsAre('up', hosts, ports);
}

function startMessages(ports: Ports): void {
  const names = { ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: `${ports.messageNames}` };
  startDaemon('message-names', {
    program: 'epmd',
    args: ['-address', '127.0.0.1', '-port', `${ports.messageNames}`],
    env: names,
  });
  startDaemon('messages', {
    program: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    args: [],
    env: {
      ...names,
      RABBITMQ_NODENAME: `planner-lab-${ports.messages}@localhost`,
      RABBITMQ_DIST_PORT: `${ports.messagePeers}`,
      RABBITMQ_CONFIG_FILE: runFile('conf', 'rabbitmq.conf'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_MNESIA_BASE: runFile('messages'),
      RABBITMQ_LOG_BASE: runFile('log'),
      RABBITMQ_GENERATED_CONFIG_DIR: runFile('messages'),
      RABBITMQ_ENABLED_PLUGINS_FILE: runFile('messages', 'plugins'),
      RABBITMQ_PID_FILE: runFile('messages', 'pid'),
      // Schedulers that wait without spinning, and peers on the loopback only.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    },
  });
}

function startNeighbours(ports: Ports): void {
  startDaemon('neighbours', pythonTask('neighbours.py', `${ports.image}`, `${ports.network}`));
}

/** A database that need not survive a power cut. */
async function startDatabase(ports: Ports): Promise<void> {
  const data = runFile('database');
  await runTask('database-install', {
    program: 'mariadb-install-db',
    args: [
      '--no-defaults',
      '--user=root',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
  });
  startDaemon('database', {
    program: 'mariadbd',
    args: [
      '--no-defaults',
      '--user=root',
      `--datadir=${data}`,
      '--socket=lab.sock', // in the data folder: the whole path may be longer than a socket's may be
      '--bind-address=127.0.0.1',
      `--port=${ports.database}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--innodb-flush-method=nosync',
      '--innodb-log-file-size=64M',
      '--max-connections=500',
      '--performance-schema=0',
    ],
  });
  await waitForPort(ports.database, 'MariaDB');
  const names = ['keystone', 'placement', 'nova_api', 'nova_cell0', 'nova_cell1'];
  const statements = names.map((name) => `create database ${name} character set utf8mb3;`).join(' ');
  execFileSync('mariadb', [
    '--no-defaults',
    '-h127.0.0.1',
    `-P${ports.database}`,
    '-uroot',
    '-e',
    statements,
  ]);
}

async function startKeystone(ports: Ports): Promise<void> {
  const address = `${url(ports.keystone)}/v3`;
  const config = runFile('conf', 'keystone.conf');
  await runTask('keystone-setup', pythonTask('keystone_setup.py', config, password, address));
  startWebService('keystone', ports.keystone, '/usr/bin/keystone-wsgi-public', 4, {
    OS_KEYSTONE_CONFIG_DIR: runFile('conf'),
  });
  await waitForHttp(address, 'Keystone');
}

async function startPlacement(ports: Ports): Promise<void> {
  const env = { OS_PLACEMENT_CONFIG_DIR: runFile('conf') };
  await runTask('placement-setup', {
    program: 'placement-manage',
    args: ['--config-file', runFile('conf', 'placement.conf'), 'db', 'sync'],
    env,
  });
  startWebService('placement', ports.placement, '/usr/bin/placement-api', 2, env);
  await waitForHttp(url(ports.placement), 'Placement');
}

/** One process a service, as their caches are a process's own; connections that stay open end in errors 503. */
function startWebService(
  name: string,
  port: number,
  script: string,
  threads: number,
  env: Readonly<Record<string, string>>,
): void {
  const options = ['--master', '--die-on-term', '--need-app', '--lazy-apps', '--disable-logging'];
  startDaemon(name, {
    program: 'uwsgi',
    args: [
      '--plugin=python3',
      ...options,
      `--http-socket=127.0.0.1:${port}`,
      `--wsgi-file=${script}`,
      '--processes=1',
      `--threads=${threads}`,
      '--buffer-size=65535',
      '--add-header=Connection: close',
    ],
    env,
  });
}

function saysLine(child: ChildProcess, wanted: string): Promise<void> {
  const { stdout } = child;
  if (stdout === null) return Promise.resolve();
  return new Promise((resolve) => {
    createInterface(stdout).on('line', (line) => {
      if (line === wanted) resolve();
    });
  });
}
