// Stands in for the `openstack` client in tests of exported scripts: keeps a cloud in the JSON file FAKE_CLOUD, notes
// its calls in FAKE_LOG, and knows the few commands that a script may use. Every other command line fails.
//
// A server is {status, task, host, migrations, then}: each `server show` of its status takes the next of `then`, a
// list of changes that Nova makes by and by.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const { FAKE_CLOUD, FAKE_LOG } = process.env;
const cloud = JSON.parse(readFileSync(FAKE_CLOUD, 'utf8'));
const [flag, version, ...words] = process.argv.slice(2);
if (flag !== '--os-compute-api-version' || !/^2\.\d+$/.test(version))
  fail(`no microversion: ${process.argv.join(' ')}`);

const end = words.indexOf('--');
const options = end === -1 ? words : words.slice(0, end);
const operands = end === -1 ? [] : words.slice(end + 1);
const line = options.join(' ');
appendFileSync(FAKE_LOG, `${JSON.stringify([version, ...words])}\n`);

const option = (name) => options.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);

if (line.startsWith('server show -f value -c ')) {
  const server = find(operands[0]);
  const column = options.at(-1);
  if (column === 'status') Object.assign(server, server.then?.shift());
  save();
  const columns = { status: 'status', 'OS-EXT-STS:task_state': 'task', 'OS-EXT-SRV-ATTR:host': 'host' };
  print(server[columns[column] ?? fail(`no column ${column}`)] ?? 'None');
} else if (line.startsWith('server list --all-projects --host=')) {
  const there = Object.entries(cloud.servers).filter(([, { host }]) => host === option('--host'));
  if (there.length > 0) print(there.map(([id]) => id).join('\n'));
} else if (line.startsWith('server migrate --live-migration --host=')) {
  request(find(operands[0]), 'live', option('--host'));
} else if (line.startsWith('server migrate --host=')) {
  request(find(operands[0]), 'cold', option('--host'));
} else if (line === 'server migrate confirm') {
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
  const columns = { Status: 'status', State: 'state', 'Disabled Reason': 'reason' };
  if (service) print(service[columns[options.at(-1)]] ?? 'None');
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
  const ended = kind === 'live' ? { status: server.status } : { status: 'VERIFY_RESIZE' };
  const ends = {
    fails: { status: server.status },
    error: { status: 'ERROR' },
  }[outcome] ?? { ...ended, host: to, migrations: [{ status: 'finished', type: 'cold-migration', to }] };
  Object.assign(server, {
    before: server.status,
    status: kind === 'live' ? 'MIGRATING' : 'RESIZE',
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
