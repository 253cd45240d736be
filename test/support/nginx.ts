import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './shared';

const executable = '/usr/sbin/nginx';
const startTimeoutMs = 30_000;

export interface Nginx {
  port: number;
  stop(): Promise<void>;
}

/**
 * Starts Debian's nginx as this user, with its own mime.types and the files of deploy/nginx where compose.yaml mounts them.
 * @param servers what stands in the http block; `PORT` in it becomes the port
 */
export async function startNginx(servers: string): Promise<Nginx> {
  installWhenMissing();
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  mkdirSync(join(folder, 'spine-oncology'));
  for (const name of ['viewer.conf', 'plugins.conf', 'content-security-policy.conf']) {
    copyFileSync(join(ROOT, 'deploy/nginx', name), join(folder, 'spine-oncology', name));
  }
  copyFileSync('/etc/nginx/mime.types', join(folder, 'mime.types'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; pid ${folder}/nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 512; }
http {
  include mime.types; default_type application/octet-stream; access_log off; sendfile on;
  ${temporary.map(name => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server_names_hash_bucket_size 128;
${servers.replaceAll('PORT', String(port))}
}
`
  );
  const child = spawn(executable, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', chunk => (log += String(chunk)));
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) return { port, stop };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const configuration = readFileSync(join(folder, 'nginx.conf'), 'utf8');
  await stop();
  throw new Error(`nginx does not answer:\n${log}\n${configuration}`);
}

function installWhenMissing(): void {
  if (existsSync(executable)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('The deployment tests need nginx: sudo apt-get install nginx-light (Debian or Ubuntu).');
  }
  process.stdout.write('No nginx found: installing the Debian package.\n');
  // RUNLEVEL=1 keeps the package from starting a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  execFileSync(
    'apt-get',
    ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=600', '--no-install-recommends', 'nginx-light'],
    {
      stdio: 'inherit',
      env,
    }
  );
}

/** A port nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))
      );
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
