import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const executable = '/usr/sbin/Orthanc';
const dicomwebPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;

/** Settings that let Orthanc give out the files of a folder, by the plugin that comes with it. @param path e.g. /files */
export function servesFolder(path: string, folder: string): Record<string, unknown> {
  return {
    Plugins: [dicomwebPlugin, join(dirname(dicomwebPlugin), 'libServeFolders.so')],
    ServeFolders: { [path]: folder },
  };
}

export interface Orthanc {
  /** e.g. http://127.0.0.1:41234; its DICOMweb root is below /dicom-web */
  url: URL;
  /** What it wrote to its log so far. */
  log(): string;
  /** Ends the process and removes its storage. */
  stop(): Promise<void>;
}

/**
 * Starts a PACS of its own: Debian's Orthanc with DICOMweb, empty, on free ports of 127.0.0.1.
 * @param settings further entries of Orthanc's configuration file
 * @throws Error when Orthanc is missing and cannot be installed, or does not come up.
 */
export async function startOrthanc(settings: Record<string, unknown> = {}): Promise<Orthanc> {
  installWhenMissing();
  const folder = mkdtempSync(join(tmpdir(), 'orthanc-'));
  const configuration = join(folder, 'orthanc.json');
  const httpPort = await freePort();
  writeFileSync(
    configuration,
    JSON.stringify({
      Name: 'SPINE-TEST',
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'storage'),
      Plugins: [dicomwebPlugin],
      HttpPort: httpPort,
      HttpBindAddresses: ['127.0.0.1'],
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomServerEnabled: false,
      DicomWeb: {
        Enable: true,
        Root: '/dicom-web/',
        EnableWado: false,
        StudiesMetadata: 'Full',
        SeriesMetadata: 'Full',
      },
      ...settings,
    })
  );
  const child = spawn(executable, [configuration], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (log += String(chunk)));
  const orthanc: Orthanc = {
    url: new URL(`http://127.0.0.1:${httpPort}`),
    log: () => log,
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilAnswering(orthanc, child);
  } catch (error) {
    await orthanc.stop();
    throw error;
  }
  return orthanc;
}

function installWhenMissing(): void {
  if (existsSync(executable) && existsSync(dicomwebPlugin)) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      'The PACS tests need Orthanc with its DICOMweb plugin: sudo apt-get install orthanc orthanc-dicomweb (Debian or Ubuntu).'
    );
  }
  process.stdout.write('No Orthanc found: installing the Debian packages.\n');
  // RUNLEVEL=1 keeps the package from starting a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  const install = [
    'install',
    '-y',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=600',
    '--no-install-recommends',
    'orthanc',
    'orthanc-dicomweb',
  ];
  execFileSync('apt-get', install, { stdio: 'inherit', env });
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

async function untilAnswering({ url, log }: Orthanc, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(new URL('/dicom-web/studies', url)).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`Orthanc did not answer within ${startTimeoutMs / 1000} s:\n${log()}`);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    const force = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
