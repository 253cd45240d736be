/** A DICOMweb archive: QIDO-RS to look, WADO-RS to fetch, STOW-RS to store (PS3.18). */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '@spine/core';
import { type NaturalizedInstance, items, number, text } from '@spine/dicom';
import { buildMultipart, MultipartError, parseContentType, parseMultipart } from '@spine/headless/multipart';
import type { SeriesFacts } from '../select/seriesRules';
import {
  ArchiveRefused,
  ArchiveUnavailable,
  type ExistingResult,
  type OutputFile,
  type Source,
  type StudyFacts,
  type Target,
} from './archive';
import { dicomJsonList, keywordsOf } from './dicomJson';
import { seriesFacts } from './facts';
import { existingResult } from './results';

export interface DicomwebOptions {
  /** QIDO keys for studies, e.g. PatientID=1, StudyDate=20260101-20261231. */
  readonly query?: Readonly<Record<string, string>>;
  /** e.g. `Bearer ...`; user:password in the address is sent as Basic. */
  readonly authorization?: string;
  readonly timeoutMs?: number;
  /** How long questions are asked again while the archive is away; storing is the queue's to try again. */
  readonly patienceMs?: number;
}

const PAGE = 100;
const AT_ONCE = 4;
const PATIENCE_MS = 60_000;
const SERIES_FIELDS = ['SeriesDescription', 'BodyPartExamined', 'NumberOfSeriesRelatedInstances'];

export class DicomwebArchive implements Source, Target {
  readonly name: string;
  private readonly base: string;
  private readonly headers: Record<string, string>;

  /** @throws InputError 'bad-address' */
  constructor(
    address: string,
    private readonly options: DicomwebOptions = {}
  ) {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      throw new InputError('wrong-address', { address });
    }
    const { username, password } = url;
    [url.username, url.password] = ['', ''];
    this.base = url.href.replace(/\/$/, '');
    this.name = this.base;
    const basic = username
      ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
      : undefined;
    const authorization = options.authorization ?? basic;
    this.headers = authorization ? { authorization } : {};
  }

  async *studies(): AsyncIterable<StudyFacts> {
    for await (const row of this.rows({})) yield await this.study(text(row, 'StudyInstanceUID'));
  }

  async *studiesOf(patient: string): AsyncIterable<StudyFacts> {
    for await (const row of this.rows({ PatientID: patient })) {
      // In a query, * and ? stand for other characters.
      if (text(row, 'PatientID') === patient) yield await this.study(text(row, 'StudyInstanceUID'));
    }
  }

  /** Whether the query that chooses studies chooses this one. */
  async chooses(study: string): Promise<boolean> {
    for await (const row of this.rows({ StudyInstanceUID: study })) {
      if (text(row, 'StudyInstanceUID') === study) return true;
    }
    return false;
  }

  /** Rows of QIDO-RS for the studies that the query chooses and these keys narrow down. */
  private async *rows(keys: Readonly<Record<string, string>>): AsyncIterable<NaturalizedInstance> {
    const { query = {} } = this.options;
    if (Object.entries(keys).some(([key, value]) => query[key] !== undefined && query[key] !== value)) return;
    for (let offset = 0; ; offset += PAGE) {
      const all = new URLSearchParams({ ...query, ...keys, limit: String(PAGE), offset: String(offset) });
      const found = await this.search(`/studies?${all}`);
      yield* found;
      if (found.length < PAGE) return;
    }
  }

  /** The series of a study, with one image of each CT series looked at. */
  async study(study: string): Promise<StudyFacts> {
    const fields = SERIES_FIELDS.map(field => `includefield=${field}`).join('&');
    const found = await this.search(`/studies/${study}/series?${fields}`);
    const series: SeriesFacts[] = [];
    let patient = '';
    for (const row of found) {
      const images = number(row, 'NumberOfSeriesRelatedInstances');
      const isCt = text(row, 'Modality') === 'CT';
      const looked = isCt || text(row, 'Modality') === 'SEG';
      const image = looked ? await this.firstImage(study, text(row, 'SeriesInstanceUID')) : row;
      const count = images ?? (isCt ? (await this.instances(study, text(row, 'SeriesInstanceUID'))).length : 1);
      series.push(seriesFacts({ ...row, ...image, StudyInstanceUID: study }, count));
      patient ||= text(image, 'PatientID');
    }
    return { study, patient, series };
  }

  private async firstImage(study: string, series: string): Promise<NaturalizedInstance> {
    const [first] = await this.search(`/studies/${study}/series/${series}/instances?limit=1`);
    if (!first) return {};
    const [metadata] = await this.search(
      `/studies/${study}/series/${series}/instances/${text(first, 'SOPInstanceUID')}/metadata`
    );
    return metadata ?? first;
  }

  async instances(study: string, series: string): Promise<string[]> {
    const found = await this.search(`/studies/${study}/series/${series}/instances`);
    return found.map(row => text(row, 'SOPInstanceUID'));
  }

  async fetch(study: string, series: string, into: string): Promise<Map<string, string>> {
    await mkdir(into, { recursive: true });
    const names = new Map<string, string>();
    const left = await this.instances(study, series);
    if (left.length === 0) throw new ArchiveRefused(`${this.name} has no images of series ${series} any more.`);
    const fetchSome = async () => {
      for (let sop = left.pop(); sop; sop = left.pop()) {
        const response = await this.request(`/studies/${study}/series/${series}/instances/${sop}`, {
          headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
        });
        const file = join(into, `${sop}.dcm`);
        await writeFile(file, await this.object(response));
        names.set(file, `SOP Instance ${sop} of ${this.name}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
    return names;
  }

  async existing(study: string): Promise<ExistingResult[]> {
    const results: ExistingResult[] = [];
    for (const modality of ['SEG', 'SR']) {
      const query = `Modality=${modality}&includefield=SeriesDescription`;
      for (const row of await this.search(`/studies/${study}/series?${query}`)) {
        if (text(row, 'Modality') !== modality) continue;
        const series = text(row, 'SeriesInstanceUID');
        for (const instance of await this.search(`/studies/${study}/series/${series}/metadata`)) {
          const result = existingResult({ ...row, ...instance });
          if (result) results.push(result);
        }
      }
    }
    return results;
  }

  async store(study: string, _series: string, files: readonly OutputFile[]): Promise<void> {
    const objects = files.filter(({ name }) => name.endsWith('.dcm'));
    if (objects.length === 0) return;
    const type = 'application/dicom';
    const { contentType, body } = buildMultipart(
      type,
      type,
      objects.map(({ bytes }) => bytes)
    );
    const response = await this.request(`/studies/${study}`, {
      method: 'POST',
      body,
      headers: {
        accept: 'application/dicom+json',
        'content-type': contentType,
      },
    });
    await this.checkStored(response);
  }

  /** A 200 or 202 may still name instances that were refused (PS3.18 10.5.3). */
  private async checkStored(response: Response): Promise<void> {
    const answer: unknown = JSON.parse(Buffer.from(await this.body(response)).toString('utf8') || '{}');
    const failed = items({ list: (answer as Record<string, { Value?: unknown }>)['00081198']?.Value }, 'list');
    if (failed.length > 0) {
      throw new ArchiveUnavailable(`${this.name} did not take ${failed.length} of the objects sent.`);
    }
  }

  private async search(path: string): Promise<NaturalizedInstance[]> {
    const response = await this.request(path, { headers: { accept: 'application/dicom+json' } });
    if (response.status === 204) return [];
    const parsed = dicomJsonList.safeParse(parseJson(Buffer.from(await this.body(response)).toString('utf8') || '[]'));
    if (!parsed.success) throw new ArchiveRefused(`${this.name}${path} does not answer with DICOM JSON.`);
    return parsed.data.map(keywordsOf);
  }

  private async request(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const deadline = Date.now() + (init.method === 'POST' ? 0 : (this.options.patienceMs ?? PATIENCE_MS));
    for (let pause = 250; ; pause *= 2) {
      try {
        return await this.once(path, init);
      } catch (error) {
        if (!(error instanceof ArchiveUnavailable) || Date.now() + pause > deadline) throw error;
        await wait(pause);
      }
    }
  }

  private async once(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.base}${path}`, {
        ...init,
        headers: { ...this.headers, ...init.headers },
        signal: AbortSignal.timeout(this.options.timeoutMs ?? 120_000),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new ArchiveUnavailable(`${this.name} does not answer: ${cause}`);
    }
    if (response.ok) return response;
    const message = `${this.name}${path.split('?')[0]} answers ${response.status}`;
    if (response.status >= 500 || response.status === 408 || response.status === 429)
      throw new ArchiveUnavailable(message);
    if (response.status === 401 || response.status === 403)
      throw new ArchiveRefused(`${message}: check the credentials.`);
    throw new ArchiveRefused(message);
  }

  /** The one object of an answer of WADO-RS; one that is cut off or is something else is asked for again later. */
  private async object(response: Response): Promise<Buffer> {
    const { type, parameters } = parseContentType(response.headers.get('content-type') ?? '');
    const body = Buffer.from(await this.body(response));
    // Some archives answer for a single object without an envelope.
    if (type === 'application/dicom') return body;
    try {
      return parseMultipart(body, parameters.boundary ?? '')[0].body;
    } catch (error) {
      if (!(error instanceof MultipartError)) throw error;
      throw new ArchiveUnavailable(`${this.name} answers with something that is no object: ${error.message}`);
    }
  }

  private async body(response: Response): Promise<ArrayBuffer> {
    try {
      return await response.arrayBuffer();
    } catch (error) {
      throw new ArchiveUnavailable(`${this.name} broke off its answer: ${String(error)}`);
    }
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
