// Stands in for the `openstack` and `nova` clients in tests of exported scripts (FAKE_PROGRAM says which): keeps a cloud in the JSON file FAKE_CLOUD, notes
// its calls in FAKE_LOG, and knows the few commands that a script may use. Every other command line fails.
//
// A server is {status, task, host, migrations, then}: each `server show` of its status takes the next of `then`, a
// list of changes that Nova makes by and by.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const { FAKE_CLOUD, FAKE_LOG, FAKE_PROGRAM = 'openstack' } = process.env;
const cloud = JSON.parse(readFileSync(FAKE_CLOUD, 'utf8'));
const [flag, version, ...words] = process.argv.slice(2);
if (flag !== '--os-compute-api-version' || !/^2\.\d+$/.test(version))
  fail(`no microversion: ${process.argv.join(' ')}`);

const end = words.indexOf('--');
const options = end === -1 ? words : words.slice(0, end);
const operands = end === -1 ? [] : words.slice(end + 1);
const line = options.join(' ');
appendFileSync(
  FAKE_LOG,
  `${JSON.stringify([version, ...(FAKE_PROGRAM === 'openstack' ? [] : [FAKE_PROGRAM]), ...words])}\n`,
);

const option = (name) => options.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);

const migrationsOf = (id) => cloud.servers[id]?.migrations ?? [];
const serverColumns = {
  status: 'status',
  'OS-EXT-STS:task_state': 'task',
  'OS-EXT-SRV-ATTR:host': 'host',
  'OS-EXT-SRV-ATTR:instance_name': 'domain',
};
const serviceColumns = { Status: 'status', State: 'state', 'Disabled Reason': 'reason' };

if (FAKE_PROGRAM === 'nova') {
  const server = line.startsWith('migration-list') ? undefined : find(operands[0]);
  if (line === 'live-migration' || line === 'live-migration --force') {
    if (version < 2.3) fail('unrecognized arguments');
    request(server, 'live', operands[1]);
  } else if (line.startsWith('migrate --host=')) request(server, 'cold', option('--host'));
  else if (line === 'evacuate') request(server, 'evacuate', operands[1]);
  else if (line.startsWith('migration-list --status=')) {
    const rows = Object.keys(cloud.servers).flatMap((id) =>
      migrationsOf(id)
        .filter(({ status }) => status === option('--status'))
        .map(
          ({ status, to, type }) =>
            `| 7 | ${to}.node | ${to} | ${status} | ${id} | ${type === 'resize' ? type : 'migration'} |`,
        ),
    );
    const rule = '+----+----+----+----+----+----+';
    print(
      [rule, '| Id | Dest Node | Dest Compute | Status | Instance UUID | Type |', rule, ...rows, rule].join(
        '\n',
      ),
    );
  } else fail(`unknown command: nova ${line}`);
} else if (line.startsWith('server show -f json ')) {
  const server = find(operands[0]);
  Object.assign(server, server.then?.shift());
  save();
  const wanted = options.filter((_, at) => options[at - 1] === '-c');
  print(
    JSON.stringify(Object.fromEntries(wanted.map((name) => [name, server[serverColumns[name]] ?? null]))),
  );
} else if (line.startsWith('server list --all-projects') && line.includes('-f json')) {
  const there = Object.entries(cloud.servers).filter(([, { host }]) => host === option('--host'));
  print(JSON.stringify(there.map(([ID]) => ({ ID }))));
} else if (line.startsWith('compute service list ') && line.includes('-f json')) {
  const service = cloud.services[option('--host')];
  const wanted = options.filter((_, at) => options[at - 1] === '-c');
  const row = (found) =>
    Object.fromEntries(wanted.map((name) => [name, found[serviceColumns[name]] ?? null]));
  print(JSON.stringify(service === undefined ? [] : [row(service)]));
} else if (line.startsWith('server show -f value -c ')) {
  const server = find(operands[0]);
  const column = options.at(-1);
  if (column === 'status') Object.assign(server, server.then?.shift());
  save();
  print(server[serverColumns[column] ?? fail(`no column ${column}`)] ?? 'None');
} else if (line.startsWith('server list --all-projects --host=')) {
  const there = Object.entries(cloud.servers).filter(([, { host }]) => host === option('--host'));
  if (there.length > 0) print(there.map(([id]) => id).join('\n'));
} else if (line.startsWith('server migrate --live-migration --host=')) {
  request(find(operands[0]), 'live', option('--host'));
} else if (line.startsWith('server migrate --live=')) {
  if (version > 2.24) fail('live_migrate() got an unexpected keyword argument');
  request(find(operands[0]), 'live', option('--live'));
} else if (line.startsWith('server evacuate --host=')) {
  request(find(operands[0]), 'evacuate', option('--host'));
} else if (line.startsWith('server migrate --host=')) {
  request(find(operands[0]), 'cold', option('--host'));
} else if (line === 'server migrate confirm' || line === 'server resize --confirm') {
  const server = find(operands[0]);
  if (server.status !== 'VERIFY_RESIZE') fail('Cannot confirm (HTTP 409)');
  server.migrations = [{ status: 'confirming', type: 'cold-migration', to: server.host }];
  server.then = [{}, { status: server.before ?? 'ACTIVE', migrations: [] }];
  save();
} else if (line.startsWith('server migration list ')) {
  const found = (find(option('--server')).migrations ?? []).filter(
    (migration) => migration.status === option('--status') && migration.type === option('--type'),
  );
  if (found.length > 0) print(found.map((migration) => migration.to).join('\n'));
} else if (line === 'server stop' || line === 'server start') {
  const stopping = line === 'server stop';
  Object.assign(find(operands[0]), {
    task: stopping ? 'powering-off' : 'powering-on',
    then: [{}, { status: stopping ? 'SHUTOFF' : 'ACTIVE', task: null }],
  });
  save();
} else if (line.startsWith('compute service list ')) {
  const service = cloud.services[option('--host')];
  if (service) print(service[serviceColumns[options.at(-1)]] ?? 'None');
} else if (line.startsWith('compute service set --')) {
  const service = cloud.services[operands[0]] ?? fail(`no service on ${operands[0]}`);
  if (operands[1] !== 'nova-compute') fail('no such service');
  service.status = options.includes('--disable') ? 'disabled' : 'enabled';
  service.reason = option('--disable-reason') ?? null;
  save();
} else fail(`unknown command: ${line}`);

/** What Nova does with a request is in `cloud.outcomes[server]`: `fails`, `refused`, `error`, or nothing for success. */
function request(server, kind, to) {
  if (!(to in cloud.services)) fail(`Compute host ${to} could not be found. (HTTP 400)`);
  if (server.task) fail('Cannot migrate in task_state (HTTP 409)');
  const outcome = cloud.outcomes?.[operands[0]];
  if (outcome === 'refused') fail('Policy does not allow it (HTTP 403)');
  const ended = kind !== 'cold' ? { status: server.status } : { status: 'VERIFY_RESIZE' };
  const ends = {
    fails: { status: server.status },
    error: { status: 'ERROR' },
    'error-there': { status: 'ERROR', host: to },
  }[outcome] ?? { ...ended, host: to, migrations: [{ status: 'finished', type: 'cold-migration', to }] };
  Object.assign(server, {
    before: server.status,
    status: { live: 'MIGRATING', cold: 'RESIZE', evacuate: 'REBUILD' }[kind],
    task: 'migrating',
    then: [{}, { ...ends, task: null }],
  });
  save();
}

function find(id) {
  return cloud.servers[id] ?? fail(`No server with a name or ID of '${id}' exists.`);
}

function save() {
  writeFileSync(FAKE_CLOUD, JSON.stringify(cloud));
}

function print(value) {
  process.stdout.write(`${value}\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
