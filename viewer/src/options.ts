import { UsageError } from '@spine/headless/cli';

import { isLoopback } from './server/access';

/** The command line as `parseOptions` of headless/cli reads it. */
export const optionTypes = {
  dicom: { type: 'string', multiple: true },
  port: { type: 'string' },
  host: { type: 'string' },
  'allow-network': { type: 'boolean' },
  'allow-host': { type: 'string', multiple: true },
  data: { type: 'string' },
  'follow-up': { type: 'boolean' },
  pacs: { type: 'string' },
  'read-only': { type: 'boolean' },
  'no-isolation': { type: 'boolean' },
} as const;

export type OptionValues = {
  [name in keyof typeof optionTypes]?: name extends 'dicom' | 'allow-host'
    ? string[]
    : (typeof optionTypes)[name]['type'] extends 'boolean'
      ? boolean
      : string;
};

export interface StartOptions {
  port: number;
  host: string;
  /** Names besides its own address by which the server may be addressed. */
  allowedHosts: string[];
  /** Folders of DICOM files; empty: the generated demo study. */
  dicom: string[];
  /** The demo patient's two studies with their lesions, instead of the first alone. */
  followUp: boolean;
  /** Folder that keeps what the viewer stores. */
  data: string;
  pacs?: URL;
  crossOriginIsolated: boolean;
  readOnly: boolean;
}

export const usage = `npm start -- [options]
  --dicom <folder>   DICOM to offer instead of the demo study; may be given more than once
  --follow-up        the demo patient half a year later as well, both with their lesions, to try the comparison
  --port <number>    port of the viewer (or PORT in the environment; default 3000)
  --host <address>   address to listen on (default 127.0.0.1: this computer only); any other needs --allow-network
  --allow-network    yes, whoever reaches that address may read every study, without a login and unencrypted
  --allow-host <name> a further name the viewer is addressed by, e.g. of a reverse proxy; may be given more than once
  --data <folder>    where saved results are kept (default .cache/viewer-data)
  --pacs <url>       an Orthanc with DICOMweb, e.g. http://127.0.0.1:8042: becomes the default data source
  --read-only        refuse to store anything, here and in the PACS
  --no-isolation     leave out the COOP and COEP headers (or NO_ISOLATION=1): WebAssembly then has one thread
  --help             this text`;

/** @throws UsageError naming the option and its bad value. */
export function startOptions(
  values: OptionValues,
  environment: Record<string, string | undefined>,
  defaultData: string
): StartOptions {
  const host = values.host ?? '127.0.0.1';
  if (!isLoopback(host) && !values['allow-network']) {
    throw new UsageError(
      `--host ${host} opens the viewer to the network: it has no login and no encryption, and whoever reaches it may read every ` +
        'study. Put a reverse proxy with both in front of it and leave --host out, or add --allow-network.'
    );
  }
  return {
    port: parsePort(values.port ?? (environment.PORT || '3000')),
    host,
    allowedHosts: values['allow-host'] ?? [],
    dicom: values.dicom ?? [],
    followUp: values['follow-up'] ?? false,
    data: values.data ?? defaultData,
    pacs: values.pacs === undefined ? undefined : parseUrl(values.pacs),
    crossOriginIsolated: !values['no-isolation'] && environment.NO_ISOLATION !== '1',
    readOnly: values['read-only'] ?? false,
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`"${text}" is not a port: a number from 1 to 65535`);
  return port;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new UsageError(`--pacs ${text}: an http(s) address, such as http://127.0.0.1:8042`);
  }
  return new URL(text);
}
