// The shipped configuration of nginx, run.
//
// SPDX-License-Identifier: GPL-3.0-or-later

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from './interop.js';

const shipped = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'data', 'nginx', 'valise.conf');
export const nginx = ['nginx', '/usr/sbin/nginx'].find(name => spawnSync(name, ['-v']).status === 0);

async function findPort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// The shipped file with this test's address, certificate and upstream in place of its own.
export async function startNginx(upstream) {
  const home = join(folder, 'nginx');
  const port = await findPort();
  mkdirSync(join(home, 'temp'), { recursive: true });
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', join(home, 'key.pem'), '-out', join(home, 'certificate.pem'), '-subj', '/CN=valise.example.org',
    '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  const text = readFileSync(shipped, 'utf8')
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('127.0.0.1:5984', new URL(upstream).host)
    .replaceAll('/etc/ssl/valise', home);
  writeFileSync(join(home, 'valise.conf'), text);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${home}/temp/${name};`);
  writeFileSync(join(home, 'nginx.conf'), `daemon off; master_process off; worker_processes 1;
pid ${home}/pid; error_log ${home}/error.log; events {}
http { access_log off; ${paths.join(' ')} include ${home}/valise.conf; }
`);
  const child = spawn(nginx, ['-p', home, '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')], { stdio: 'ignore' });
  const url = `https://127.0.0.1:${port}`;
  const agent = new https.Agent({ ca: readFileSync(join(home, 'certificate.pem')), keepAlive: true });
  const key = execFileSync('openssl', ['x509', '-in', join(home, 'certificate.pem'), '-pubkey', '-noout']);
  const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: key });
  const pin = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: der, encoding: 'utf8' }).slice(0, 64);
  for (let i = 0; ; i += 1) {
    const socket = net.connect(port, '127.0.0.1');
    const [event] = await Promise.race([once(socket, 'connect').then(() => ['up']), once(socket, 'error')]).catch(() => ['down']);
    socket.destroy();
    if (event === 'up') return { child, url, agent, pin };
    if (i > 200) throw new Error(readFileSync(join(home, 'error.log'), 'utf8'));
    await new Promise(resolve => { setTimeout(resolve, 25); });
  }
}
