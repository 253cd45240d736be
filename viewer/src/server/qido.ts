import type { JsonDataset, JsonElement } from './dicomJson';
import { HttpError } from './http';
import type { InstanceStore, StoredInstance } from './instanceStore';
import { matches, type MatchKind } from './qidoMatch';

type Level = 'study' | 'series' | 'instance';
interface Attribute {
  keyword: string;
  tag: string;
  level: Level;
  /** How it can be asked for; absent: returned only. */
  match?: MatchKind;
}

const attribute = (level: Level, keyword: string, tag: string, match?: MatchKind): Attribute => ({
  level,
  keyword,
  tag,
  match,
});
/** Attributes returned by QIDO-RS (PS3.18 tables 10.6.3-3 to -5) and those that can be filtered by. */
const attributes: Attribute[] = [
  attribute('study', 'SpecificCharacterSet', '00080005'),
  attribute('study', 'StudyDate', '00080020', 'date'),
  attribute('study', 'StudyTime', '00080030', 'time'),
  attribute('study', 'AccessionNumber', '00080050', 'text'),
  attribute('study', 'ModalitiesInStudy', '00080061', 'code'),
  attribute('study', 'ReferringPhysicianName', '00080090', 'name'),
  attribute('study', 'StudyDescription', '00081030', 'name'),
  attribute('study', 'PatientName', '00100010', 'name'),
  attribute('study', 'PatientID', '00100020', 'text'),
  attribute('study', 'PatientBirthDate', '00100030', 'date'),
  attribute('study', 'PatientSex', '00100040', 'code'),
  attribute('study', 'StudyInstanceUID', '0020000D', 'uid'),
  attribute('study', 'StudyID', '00200010', 'text'),
  attribute('study', 'NumberOfStudyRelatedSeries', '00201206'),
  attribute('study', 'NumberOfStudyRelatedInstances', '00201208'),
  attribute('series', 'Modality', '00080060', 'code'),
  attribute('series', 'SeriesDate', '00080021', 'date'),
  attribute('series', 'SeriesTime', '00080031', 'time'),
  attribute('series', 'SeriesDescription', '0008103E', 'name'),
  attribute('series', 'SeriesInstanceUID', '0020000E', 'uid'),
  attribute('series', 'SeriesNumber', '00200011', 'code'),
  attribute('series', 'NumberOfSeriesRelatedInstances', '00201209'),
  attribute('instance', 'SOPClassUID', '00080016', 'uid'),
  attribute('instance', 'SOPInstanceUID', '00080018', 'uid'),
  attribute('instance', 'AvailableTransferSyntaxUID', '00083002'),
  attribute('instance', 'InstanceNumber', '00200013', 'code'),
  attribute('instance', 'NumberOfFrames', '00280008'),
  attribute('instance', 'Rows', '00280010'),
  attribute('instance', 'Columns', '00280011'),
  attribute('instance', 'BitsAllocated', '00280100'),
];
const levels: Level[] = ['study', 'series', 'instance'];
const controls = new Set(['limit', 'offset', 'fuzzymatching', 'includefield']);

export interface QidoResult {
  rows: JsonDataset[];
  /** Query keys this server does not filter by. */
  ignored: string[];
}

/** Answers a QIDO-RS search. @throws HttpError 400 for a malformed value. */
export function search(
  store: InstanceStore,
  level: Level,
  studyUid: string | undefined,
  seriesUid: string | undefined,
  query: URLSearchParams
): QidoResult {
  const rows = candidates(store, level, studyUid, seriesUid);
  const ignored: string[] = [];
  let found = rows;
  for (const [key, value] of query) {
    if (controls.has(key.toLowerCase())) continue;
    const filter = attributes.find(({ keyword, tag }) => keyword === key || tag === key.toUpperCase());
    if (!filter?.match || levels.indexOf(filter.level) > levels.indexOf(level)) {
      ignored.push(key);
      continue;
    }
    const { match, tag } = filter;
    found = found.filter(row => matches(match, valuesOf(row[tag]), value));
  }
  const offset = count(query, 'offset') ?? 0;
  const limit = count(query, 'limit') ?? found.length;
  return { rows: sorted(found).slice(offset, offset + limit), ignored };
}

function candidates(store: InstanceStore, level: Level, studyUid?: string, seriesUid?: string): JsonDataset[] {
  if (level === 'study') return store.allStudies().map(studyRow);
  // Once for each study, not for each of its series.
  const studyRows = new Map<string, JsonDataset>();
  const rowOf = (uid: string) => {
    const row = studyRows.get(uid) ?? studyRow(store.instances(uid));
    studyRows.set(uid, row);
    return row;
  };
  const series = store.allSeries(studyUid).filter(([first]) => !seriesUid || first.seriesUid === seriesUid);
  if (level === 'series')
    return series.map(instances => ({ ...rowOf(instances[0].studyUid), ...seriesRow(instances) }));
  return series.flatMap(instances => {
    const above = { ...rowOf(instances[0].studyUid), ...seriesRow(instances) };
    return instances.map(instance => ({ ...above, ...pick(instance, 'instance') }));
  });
}

function studyRow(instances: StoredInstance[]): JsonDataset {
  const modalities = [...new Set(instances.flatMap(({ metadata }) => valuesOf(metadata['00080060'])))].sort();
  return {
    ...pick(instances[0], 'study'),
    '00080061': { vr: 'CS', Value: modalities },
    '00201206': { vr: 'IS', Value: [new Set(instances.map(({ seriesUid }) => seriesUid)).size] },
    '00201208': { vr: 'IS', Value: [instances.length] },
  };
}

function seriesRow(instances: StoredInstance[]): JsonDataset {
  return { ...pick(instances[0], 'series'), '00201209': { vr: 'IS', Value: [instances.length] } };
}

function pick({ metadata }: StoredInstance, level: Level): JsonDataset {
  const present = attributes.filter(({ level: of, tag }) => of === level && metadata[tag]);
  return Object.fromEntries(present.map(({ tag }) => [tag, metadata[tag]]));
}

/** An element's values as the strings a query is compared with; an absent value is the empty string. */
function valuesOf(element: JsonElement | undefined): string[] {
  if (!element?.Value?.length) return [''];
  return element.Value.map(value => {
    if (value !== null && typeof value === 'object') return String((value as { Alphabetic?: string }).Alphabetic ?? '');
    return String(value ?? '');
  });
}

/** Newest study first, then by series and instance number: a stable order for paging. */
function sorted(rows: JsonDataset[]): JsonDataset[] {
  const text = (row: JsonDataset, tag: string) => valuesOf(row[tag])[0];
  const number = (row: JsonDataset, tag: string) => Number(text(row, tag)) || 0;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort(
    (a, b) =>
      compare(text(b, '00080020'), text(a, '00080020')) ||
      compare(text(a, '0020000D'), text(b, '0020000D')) ||
      number(a, '00200011') - number(b, '00200011') ||
      number(a, '00200013') - number(b, '00200013')
  );
}

function count(query: URLSearchParams, key: string): number | undefined {
  const value = query.get(key);
  if (value === null) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new HttpError(400, `${key}=${value} is not a number of results.`);
  return Number(value);
}
