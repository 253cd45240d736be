import { encodeDataset, newUid, type NaturalizedInstance, privateState } from '../../dicom';
import { storeObject } from './archive';
import type { DataSource } from '../host/host';

const PATIENCE = { idleMs: 30 };
const services = { userAuthenticationService: { getAuthorizationHeader: () => undefined, getUser: () => undefined } };
const REPORT: NaturalizedInstance = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33',
  SOPInstanceUID: newUid(),
  StudyInstanceUID: newUid(),
  SeriesInstanceUID: newUid(),
  Modality: 'SR',
  ContentSequence: [{ ValueType: 'TEXT', TextValue: 'T10' }],
};

/** An archive in memory; `store` and `fetch` can be made to fail. */
function archive(store: (file: ArrayBuffer) => Promise<void>, kept?: NaturalizedInstance): DataSource {
  let stored: ArrayBuffer | undefined = kept && encodeDataset(kept);
  return {
    store: {
      async dicom(file) {
        await store(file);
        stored ??= file;
      },
    },
    retrieve: {
      getWadoDicomWebClient: () => ({ retrieveInstance: async () => stored }) as never,
    },
    getImageIdsForInstance: () => '',
    getImageIdsForDisplaySet: () => [],
  };
}
const httpError = (status: number, response = '') => Object.assign(new Error('request failed'), { status, response });
const stored = (source: DataSource) => storeObject(source, services, REPORT, PATIENCE);

test('gives back what the archive keeps', async () => {
  expect(await stored(archive(async () => undefined))).toMatchObject({ SOPInstanceUID: REPORT.SOPInstanceUID });
});

test.each([
  ['refused', 'store-refused', 'HTTP 507: disk full', () => Promise.reject(httpError(507, 'disk full'))],
  ['a dropped connection', 'store-unreachable', 'connection', () => Promise.reject(httpError(0))],
  ['no answer', 'store-timeout', 'no answer within 0 s', () => new Promise<void>(() => undefined)],
] as const)('%s: says why and that nothing is lost', async (_, code, words, store) => {
  await expect(stored(archive(store))).rejects.toMatchObject({ code });
  await expect(stored(archive(store))).rejects.toThrow(words);
  await expect(stored(archive(store))).rejects.toThrow('Nothing is lost here; try again');
});

test('an answer "exists already" counts when it is the very same', async () => {
  const conflict = () => Promise.reject(httpError(409));
  expect(await stored(archive(conflict, REPORT))).toMatchObject({ SOPInstanceUID: REPORT.SOPInstanceUID });
  const other = { ...REPORT, ContentSequence: [{ ValueType: 'TEXT', TextValue: 'T9' }] };
  await expect(stored(archive(conflict, other))).rejects.toMatchObject({ code: 'store-refused' });
});

test('an archive that keeps something else is found out', async () => {
  const other = { ...REPORT, ContentSequence: [{ ValueType: 'TEXT', TextValue: 'T9' }] };
  await expect(stored(archive(async () => undefined, other))).rejects.toMatchObject({ code: 'store-changed' });
});

describe('a segmentation is compared with everything that a later session reads', () => {
  const seg: NaturalizedInstance = {
    ...REPORT,
    Modality: 'SEG',
    ContentSequence: undefined,
    PixelData: new Uint8Array([1, 2, 3, 4]).buffer,
    SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'T10 lytic lesion' }],
    ...privateState({ schema: 1, review: { reviewed: [2] } }),
  };
  const kept = (change: NaturalizedInstance) =>
    storeObject(
      archive(async () => undefined, { ...seg, ...change }),
      services,
      seg,
      PATIENCE
    );

  test('the very same is taken', async () => {
    expect(await kept({})).toMatchObject({ SOPInstanceUID: seg.SOPInstanceUID });
  });
  test('another name of a segment is found out', async () => {
    await expect(kept({ SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'T9' }] })).rejects.toMatchObject({
      code: 'store-changed',
    });
  });
  test.each([
    ['dropped', undefined],
    ['changed', { '00711001': '{"schema":1,"review":{"reviewed":[]}}' }],
  ])('a private review that is %s is said', async (_, change) => {
    const { '00710010': creator, '00711001': state, ...standard } = seg;
    const other = change ? { ...seg, ...change } : standard;
    expect([creator, state]).not.toContain(undefined);
    await expect(
      storeObject(
        archive(async () => undefined, other),
        services,
        seg,
        PATIENCE
      )
    ).rejects.toMatchObject({ code: 'store-without-review', params: { object: 'SEG' } });
  });
});

test('a slow transfer that moves is not given up', async () => {
  const { withIdleTimeout } = await import('./idleTimeout');
  const slow = withIdleTimeout(PATIENCE, async alive => {
    for (let n = 0; n < 6; n++) {
      await new Promise(resolve => setTimeout(resolve, 15));
      alive();
    }
    return 'done';
  });
  expect(await slow).toBe('done');
});
