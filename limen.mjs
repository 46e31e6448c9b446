#!/usr/bin/env node
/**
 * The first step of every command: sees that the parts are installed, then hands over to the Node they brought along.
 *
 *     node limen.mjs COMMAND ...                      the limen command
 *     node limen.mjs --dev-script scripts/test.ts ... a script of this repository
 *
 * Plain JavaScript without dependencies and without new syntax, because it runs on whatever Node there is.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_BOOTSTRAP_MAJOR = 20;
/** The program itself needs this, where the pinned Node could not be installed. */
const OLDEST_RUNTIME = [24, 11];
const ROOT = dirname(fileURLToPath(import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const INSTALLED_NOTE = join(MODULES, '.limen-lock-hash');
const INSTALL_LOCK = join(ROOT, '.limen', 'installing');
const POLL_MS = 200;

class Refusal extends Error {}

function tell(line) {
  process.stderr.write(`limen: ${line}\n`);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function runningVersion() {
  return process.versions.node.split('.').map(Number);
}

// Installing

function readText(path) {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What must be installed, in one line: the lockfile and the platform, as one tree may be seen by two systems. */
function describeWanted() {
  const lockfile = fs.readFileSync(join(ROOT, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}`;
}

function isInstalled(wanted) {
  const noted = readText(INSTALLED_NOTE);
  if (noted !== undefined) return noted.trim() === wanted;
  if (!matchesLockfile()) return false;
  // Somebody ran npm by hand: that is as good.
  noteInstalled(wanted);
  return true;
}

function noteInstalled(wanted) {
  try {
    fs.writeFileSync(INSTALLED_NOTE, `${wanted}\n`);
  } catch {
    // A read-only installation is compared anew each time.
  }
}

/** Compares what npm says it installed with the lockfile, package by package. Optional ones differ by platform. */
function matchesLockfile() {
  const installed = readPackages(join(MODULES, '.package-lock.json'));
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, part]) => {
    if (path.indexOf('node_modules/') !== 0) return true;
    const found = installed[path];
    if (found === undefined) return Boolean(part.optional);
    return found.version === part.version && found.integrity === part.integrity;
  });
}

function readPackages(path) {
  const text = readText(path);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

async function installIfNeeded() {
  const wanted = describeWanted();
  if (isInstalled(wanted)) return;
  await takeInstallLock();
  try {
    if (isInstalled(wanted)) return;
    await install();
    noteInstalled(wanted);
  } finally {
    fs.rmSync(INSTALL_LOCK, { recursive: true, force: true });
  }
}

/** Two commands started at once must not both install: the folder is made by one of them only. */
async function takeInstallLock() {
  let told = false;
  for (;;) {
    try {
      fs.mkdirSync(dirname(INSTALL_LOCK), { recursive: true });
      fs.mkdirSync(INSTALL_LOCK);
      fs.writeFileSync(join(INSTALL_LOCK, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw new Refusal(`The folder ${ROOT} cannot be written (${error.code}). Run npm install there as its owner.`);
      }
    }
    if (!told) tell('Another command is installing; waiting for it.');
    told = true;
    await pause(POLL_MS);
    if (!isInstallerAlive()) fs.rmSync(INSTALL_LOCK, { recursive: true, force: true });
  }
}

function isInstallerAlive() {
  const pid = Number(readText(join(INSTALL_LOCK, 'pid')));
  // Made a moment ago, and not yet signed.
  if (!pid) return !isOld(INSTALL_LOCK);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const unsignedSince = new Map();

function isOld(path) {
  const since = unsignedSince.get(path) || Date.now();
  unsignedSince.set(path, since);
  return Date.now() - since > 5000;
}

/** The npm that started us, else the one on the path. */
function chooseNpm() {
  const starter = process.env.npm_execpath;
  if (starter && /^npm-cli\.c?js$/.test(basename(starter)) && fs.existsSync(starter)) {
    return { program: process.env.npm_node_execpath || process.execPath, first: [starter], shell: false };
  }
  return { program: 'npm', first: [], shell: process.platform === 'win32' };
}

async function install() {
  const npm = chooseNpm();
  const began = Date.now();
  tell('Installing the parts this version needs. This happens once and takes about a minute.');
  // Not `npm ci`: it refuses a lockfile without the optional parts of every other platform, and it would pull a running
  // program's files away. Versions and hashes are the lockfile's all the same, which is not written to.
  const parameters = npm.first.concat(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  const outcome = await runQuietly(npm.program, parameters, npm.shell);
  if (outcome.code === 0) {
    tell(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
    return;
  }
  process.stderr.write(`${outcome.said.trim()}\n`);
  throw new Refusal(
    'npm could not install the parts; what it said is above. Check the network connection and npm’s settings ' +
      '(npm config list), then run the same command again.',
  );
}

function runQuietly(program, parameters, shell) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { cwd: ROOT, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const keep = (part) => {
      said = (said + part).slice(-20000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      const missing = error.code === 'ENOENT';
      resolve({ code: 1, said: missing ? 'npm was not found. It comes with Node: reinstall Node.' : error.message });
    });
    child.on('close', (code) => resolve({ code: code === null ? 1 : code, said }));
  });
}

// Handing over

/** The pinned Node first, then the one we run on if it is new enough. */
function listRuntimes() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const pinned = join(MODULES, `node-${platform}-${process.arch}`, 'bin', platform === 'win' ? 'node.exe' : 'node');
  const [major, minor] = runningVersion();
  const own = major > OLDEST_RUNTIME[0] || (major === OLDEST_RUNTIME[0] && minor >= OLDEST_RUNTIME[1]);
  return (fs.existsSync(pinned) ? [pinned] : []).concat(own ? [process.execPath] : []);
}

async function handOver(parameters) {
  for (const runtime of listRuntimes()) {
    const outcome = await runAsUs(runtime, parameters);
    if (outcome !== 'not started') return outcome;
  }
  throw new Refusal(
    `This computer’s Node is ${process.version}, and the newer one that comes with the parts does not run on ` +
      `${process.platform}-${process.arch}. Install Node ${OLDEST_RUNTIME.join('.')} or newer and run the same command again.`,
  );
}

/**
 * Runs a program in our place: its streams, its signals, its end. A terminal sends its interrupt to both of us, so that
 * one is passed on only where no terminal is.
 */
function runAsUs(program, parameters) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: 'inherit' });
    const passOn = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals =
      process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
    for (const signal of signals) process.on(signal, passOn);
    child.on('error', () => resolve('not started'));
    child.on('exit', (code, signal) => {
      for (const name of signals) process.removeListener(name, passOn);
      resolve(signal === null ? code : 128 + (constants.signals[signal] || 0));
    });
  });
}

function composeParameters(words) {
  if (words[0] !== '--dev-script') return [join(ROOT, 'apps', 'cli', 'src', 'main.ts')].concat(words);
  if (words[1] === undefined) throw new Refusal('--dev-script needs the name of a script, such as scripts/test.ts.');
  return [join(ROOT, words[1])].concat(words.slice(2));
}

async function main() {
  if (runningVersion()[0] < OLDEST_BOOTSTRAP_MAJOR) {
    throw new Refusal(`Node ${OLDEST_BOOTSTRAP_MAJOR} or newer is needed to begin; this is ${process.version}.`);
  }
  const parameters = composeParameters(process.argv.slice(2));
  await installIfNeeded();
  return handOver(parameters);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    if (!(error instanceof Refusal)) throw error;
    tell(error.message);
    process.exitCode = 1;
  },
);
