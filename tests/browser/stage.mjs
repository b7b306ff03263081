// What the tests share: a hasim in a folder of its own, and a Chromium that looks at it.
// From the environment: HASIM_BINARY, the program; HASIM_SHOTS, a folder for screenshots; CHROMIUM.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const binary = process.env.HASIM_BINARY;
const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// A Chrystoki.conf with these groups: [[label, serial, [members]]], on so many servers (0: one for each member).
export function conf_of(groups, servers = 0) {
  const names = Array.from({ length: servers }, (_, i) => '    ServerName' + two(i) + ' = hsm-' +
    two(i + 1) + '.example;\n    ServerPort' + two(i) + ' = 1792;\n').join('');
  const tokens = groups.map(([label, serial, members], i) =>
    '    VirtualToken' + two(i) + 'Label = ' + label + ';\n' +
    '    VirtualToken' + two(i) + 'SN = ' + serial + ';\n' +
    '    VirtualToken' + two(i) + 'Members = ' + members.join(', ') + ';\n').join('');
  return 'LunaSA Client = {\n    ReceiveTimeout = 20000;\n' + names + '}\n' +
    'VirtualToken = {\n' + tokens + '    VirtualTokenActiveRecovery = activeEnhanced;\n}\n' +
    'HAConfiguration = {\n    haLogStatus = enabled;\n    haLogPath = halog;\n' +
    '    reconnAtt = 120;\n    AutoReconnectInterval = 60;\n}\n';
}
function two(n) { return String(n).padStart(2, '0'); }

export const kTwo = [['haGroup1', '11234840370164', ['1234840370164', '1234924189183']]];

const running = new Set();
export async function stop_all() { for (const hasim of [...running]) { await hasim.stop(); } }

// A running hasim. Twenty times as fast as life: a pulled cable is noticed after a second, a tick comes every three.
export async function start_hasim(groups = kTwo, { servers = 0, port = 0, more = [] } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hasim-browser-'));
  const conf = path.join(folder, 'Chrystoki.conf');
  fs.writeFileSync(conf, conf_of(groups, servers));
  const child = spawn(binary, ['run', '--conf', conf, '--http', String(port), '--speed', '20',
    '--log-dir', path.join(folder, 'log'), ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const address = await address_of(child);
  const end = async signal => { child.kill(signal); await ended; };
  const file = path.join(folder, 'log', 'haErrorLog.txt');
  const hasim = {
    address, folder,
    port: Number(new URL(address).port),
    log: () => fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '',
    kill: () => end('SIGKILL'),
    stop: async () => {
      running.delete(hasim);
      await end('SIGINT');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  running.add(hasim);
  return hasim;
}

function address_of(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found && /ready/.test(said)) { resolve(found[0]); }
    });
    child.on('exit', () => reject(new Error('hasim ended: ' + said)));
    child.on('error', reject);
  });
}

// A way to hasim that can be cut: { address, cut(), mend(), close() }.
export async function relay_to(hasim) {
  const sockets = new Set();
  const server = net.createServer(near => {
    const far = net.connect(hasim.port, '127.0.0.1');
    // hasim answers under its own port alone.
    near.on('data', data => far.write(data.toString('latin1')
      .replaceAll('127.0.0.1:' + port, '127.0.0.1:' + hasim.port), 'latin1'));
    far.pipe(near);
    for (const [socket, other] of [[near, far], [far, near]]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { sockets.delete(socket); other.destroy(); });
    }
  });
  const mend = at => once(server.listen(at, '127.0.0.1'), 'listening');
  await mend(0);
  const { port } = server.address();
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) { socket.destroy(); }
    await closed;
  };
  return { address: 'http://127.0.0.1:' + port + '/', cut, mend: () => mend(port), close: cut };
}

export function play(file) {
  const played = spawnSync(binary, ['test', file], { encoding: 'utf8' });
  return { code: played.status, said: played.stdout + played.stderr };
}

export function start_browser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: kFlags });
}

// A page whose complaints are collected: errors of scripts, and what its security policy stopped.
export async function open_page(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', error => page.complaints.push(String(error.stack ?? error)));
  page.on('console', message => {
    const told = message.text();
    // The browser's own lines about answers that are no success, and about a server that is gone.
    if (message.type() === 'error' && !/^Failed to load resource/.test(told)) {
      page.complaints.push(told);
    }
  });
  await page.goto(address);
  return page;
}

export async function connected(page) {
  await page.locator('#connection[data-kind=up]').waitFor({ timeout: 10000 });
  await page.locator('.appliance').first().waitFor();
}

// Nothing is in force any more.
export function until_healed(page) {
  return until('all is healed', async () => await page.locator('.chip.wrong').count() === 0);
}

// Waits until `check` is true; what it waits for is in the error.
export async function until(what, check, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  while (!await check()) {
    if (Date.now() > end) { throw new Error('not within ' + seconds + ' s: ' + what); }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

export async function shot(page, name) {
  const folder = process.env.HASIM_SHOTS;
  if (folder) { await page.screenshot({ path: path.join(folder, name + '.png') }); }
}
