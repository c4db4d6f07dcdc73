import { type ChildProcess, spawn } from 'node:child_process';
import { createAdmin } from './support/admin.ts';
import { startCloud } from './support/control-plane.ts';
import { killHost, startHosts, stopHost } from './support/hosts.ts';
import { install, NotToBeHad, whyNot } from './support/packages.ts';
import { figureLines } from './support/figures.ts';
import { places, runFile } from './support/places.ts';
import { labMark, processesOfTheLab, stopEverything } from './support/processes.ts';
import { runningPorts } from './support/running-lab.ts';
import { seedCloud } from './support/seed.ts';
import { readHosts, readSeed } from './support/spec.ts';

/** The exit code of a test that cannot run here, as automake has it. */
const skipped = 77;

const usage = `usage: npm run lab -- COMMAND
  start            a new cloud with its servers; what ran before is stopped and forgotten
  test [--full]    the same, then the lab's tests, then stop
  stop             ends every process of the lab
  host start|stop|kill NAME...
  env              what to set for an OpenStack client`;

const began = performance.now();
const say = (line: string) => {
  console.error(`lab ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};

async function main([command = 'help', ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'start':
      return whereItCan(start);
    case 'test':
      return whereItCan(() => test(rest));
    case 'stop':
      say(`ended ${await stopEverything()} processes`);
      return 0;
    case 'host':
      return changeHosts(rest);
    case 'env':
      console.log(`export OS_CLIENT_CONFIG_FILE=${runFile('clouds.yaml')} OS_CLOUD=lab`);
      return 0;
    default:
      console.error(usage);
      return 2;
  }
}

/** Skips where this machine lacks something, which for packages may show only in the middle of fetching them. */
async function whereItCan(work: () => Promise<number>): Promise<number> {
  const reason = whyNot();
  if (reason !== undefined) return skip(reason);
  stopOnSignals();
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotToBeHad) return skip(error.message);
    throw error;
  }
}

function skip(reason: string): number {
  console.error(`lab: skipped: ${reason}`);
  return skipped;
}

/** A signal ends what runs for us and the whole cloud; while a package is installed it waits for that. */
function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const tool of tools) tool.kill();
      void stopEverything().finally(() => process.exit(1));
    });
  }
}

async function start(): Promise<number> {
  install(say);
  await Promise.all([compile(), startCloud(say)]);
  const seed = readSeed(runFile('seed.json'));
  say(`${seed.servers.length} servers`);
  await seedCloud(await createAdmin(runningPorts()), readHosts(runFile('hosts.json')), seed);
  say('ready');
  return 0;
}

/** Whatever the tests or a signal do, the lab is stopped at the end. */
async function test(args: readonly string[]): Promise<number> {
  try {
    await start();
    const code = await runTests(args);
    for (const line of figureLines()) say(line);
    return code;
  } finally {
    await stopEverything();
    say(`stopped, ${processesOfTheLab().length} processes left`);
  }
}

/** The command that the tests run is the one that is shipped. */
async function compile(): Promise<void> {
  const code = await runTool('npm', ['run', '--silent', 'compile']);
  if (code !== 0) throw new Error('the product does not compile');
}

function runTests(args: readonly string[]): Promise<number> {
  const full = args.includes('--full');
  const files = args.filter((arg) => arg !== '--full');
  return runTool('npx', ['vitest', 'run', '--config', 'test/lab/vitest.config.ts', ...files], {
    ...labMark, // so that `stop` ends it as well
    ...(full && { LAB_FULL: 'yes' }),
  });
}

/** What runs for us, and is to end with us. */
const tools = new Set<ChildProcess>();

function runTool(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const tool = spawn(program, args, {
    cwd: places.repository,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  tools.add(tool);
  return new Promise((resolve, reject) => {
    tool.once('error', reject);
    tool.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function changeHosts([action, ...hosts]: readonly string[]): Promise<number> {
  if (action === 'start') await startHosts(...hosts);
  else if (action === 'stop') await Promise.all(hosts.map(stopHost));
  else if (action === 'kill') await Promise.all(hosts.map(killHost));
  else {
    console.error(usage);
    return 2;
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
