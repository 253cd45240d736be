import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Orthanc } from '../../support/orthanc';

/** Sends every file below `folder` to the PACS. */
export async function upload({ url }: Orthanc, folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  for (const file of files) {
    const body = readFileSync(join(file.parentPath, file.name));
    const answer = await fetch(new URL('/instances', url), { method: 'POST', body });
    if (!answer.ok) throw new Error(`Orthanc answered ${answer.status} to ${file.name}: ${await answer.text()}`);
  }
}

/** Fetches what the PACS holds of a modality, of one study or of all, into `folder`. @returns paths of the files, by series description */
export async function download(
  { url }: Orthanc,
  folder: string,
  modality: string,
  study = ''
): Promise<Map<string, string>> {
  mkdirSync(folder, { recursive: true });
  const query = { Level: 'Series', Query: { Modality: modality, StudyInstanceUID: study }, Expand: true };
  const found = await fetch(new URL('/tools/find', url), { method: 'POST', body: JSON.stringify(query) });
  const paths = new Map<string, string>();
  type Found = { Instances: string[]; MainDicomTags: { SeriesDescription: string } };
  for (const { Instances, MainDicomTags } of (await found.json()) as Found[]) {
    for (const id of Instances) {
      const file = await fetch(new URL(`/instances/${id}/file`, url));
      const path = join(folder, `${id}.dcm`);
      writeFileSync(path, Buffer.from(await file.arrayBuffer()));
      paths.set(MainDicomTags.SeriesDescription, path);
    }
  }
  return paths;
}

/** Deletes the series whose description fits. @param description with wildcards */
export async function removeSeries({ url }: Orthanc, description: string): Promise<void> {
  const query = { Level: 'Series', Query: { SeriesDescription: description } };
  const found = await fetch(new URL('/tools/find', url), { method: 'POST', body: JSON.stringify(query) });
  for (const id of (await found.json()) as string[]) await fetch(new URL(`/series/${id}`, url), { method: 'DELETE' });
}
