/** Orthanc's change feed: a study is announced once no image has arrived for a while (StableStudy). */
import { z } from 'zod';

export interface Orthanc {
  readonly root: string;
  readonly headers: Record<string, string>;
  /** Number of the last change so far. */
  readonly last: number;
}

const changes = z.object({
  Changes: z.array(z.object({ ChangeType: z.string(), ID: z.string(), Seq: z.number() }).passthrough()),
  Done: z.boolean(),
  Last: z.number(),
});
const study = z.object({ MainDicomTags: z.object({ StudyInstanceUID: z.string() }).passthrough() }).passthrough();

const TIMEOUT_MS = 20_000;

/** @returns undefined when the DICOMweb root is not that of an Orthanc */
export async function orthancOf(dicomweb: string, authorization?: string): Promise<Orthanc | undefined> {
  const root = dicomweb.replace(/\/dicom-?web\/?$/i, '');
  const headers: Record<string, string> = authorization ? { authorization } : {};
  try {
    const response = await fetch(`${root}/changes?last`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const parsed = changes.safeParse(await response.json());
    return parsed.success ? { root, headers, last: parsed.data.Last } : undefined;
  } catch {
    return undefined;
  }
}

/** Study Instance UIDs that became stable after change number `since`. */
export async function stableStudies(
  { root, headers }: Orthanc,
  since: number
): Promise<{ readonly studies: string[]; readonly last: number }> {
  const studies: string[] = [];
  for (let last = since; ; ) {
    const page = changes.parse(await json(`${root}/changes?since=${last}&limit=100`, headers));
    for (const { ChangeType, ID } of page.Changes) {
      if (ChangeType !== 'StableStudy') continue;
      studies.push(study.parse(await json(`${root}/studies/${ID}`, headers)).MainDicomTags.StudyInstanceUID);
    }
    last = page.Last;
    if (page.Done) return { studies: [...new Set(studies)], last };
  }
}

async function json(address: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(address, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response.json();
}
