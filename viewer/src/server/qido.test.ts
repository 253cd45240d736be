import { dicomFile } from './testing';
import { addFile, get, rows, start, folderForEachTest } from './testServer';

folderForEachTest();

describe('QIDO-RS', () => {
  beforeEach(() => {
    addFile('a1', dicomFile({ sop: '1.2.1.1' }));
    addFile('a2', dicomFile({ sop: '1.2.1.2', attributes: { InstanceNumber: '2' } }));
    addFile('a3', dicomFile({ series: '1.2.2', sop: '1.2.2.1', attributes: { Modality: 'SEG' } }));
    addFile(
      'b',
      dicomFile({
        study: '1.3',
        series: '1.3.1',
        sop: '1.3.1.1',
        attributes: { Modality: 'MR', StudyDate: '20260301', PatientName: 'Other' },
      })
    );
  });

  it('lists studies, newest first, with their modalities and counts', async () => {
    const [first, second] = await rows(
      await start(),
      '/dicomweb/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030'
    );
    expect(first['0020000D'].Value).toEqual(['1.3']);
    expect(second['0020000D'].Value).toEqual(['1.2']);
    expect(second['00080061'].Value).toEqual(['CT', 'SEG']);
    expect(second['00201206'].Value).toEqual([2]);
    expect(second['00201208'].Value).toEqual([3]);
    expect(second['00100010'].Value).toEqual([{ Alphabetic: 'Phantom^Spine' }]);
  });

  it.each([
    ['PatientName=*spine*', ['1.2']],
    ['00100010=other', ['1.3']],
    ['ModalitiesInStudy=CT', ['1.2']],
    ['StudyDate=20260201-20260401', ['1.3']],
    ['StudyInstanceUID=1.2,1.3&PatientID=P1', ['1.3', '1.2']],
    ['limit=1', ['1.3']],
    ['limit=1&offset=1', ['1.2']],
    ['offset=5', []],
    ['AccessionNumber=X', []],
  ])('filters by %s', async (query, expected) => {
    const found = await rows(await start(), `/dicomweb/studies?${query}`);
    expect(found.map(row => row['0020000D'].Value?.[0])).toEqual(expected);
  });

  it('lists series and instances', async () => {
    const server = await start();
    const series = await rows(server, '/dicomweb/studies/1.2/series?Modality=SEG');
    expect(series.map(row => row['0020000E'].Value)).toEqual([['1.2.2']]);
    const instances = await rows(server, '/dicomweb/studies/1.2/series/1.2.1/instances');
    expect(instances.map(row => row['00080018'].Value)).toEqual([['1.2.1.1'], ['1.2.1.2']]);
    expect(await rows(server, '/dicomweb/instances?Modality=MR')).toHaveLength(1);
  });

  it('answers 400 to malformed values and warns of filters it does not know', async () => {
    const server = await start();
    expect((await get(server, '/dicomweb/studies?StudyDate=soon')).status).toBe(400);
    expect((await get(server, '/dicomweb/studies?limit=-1')).status).toBe(400);
    const answer = await get(server, '/dicomweb/studies?Colour=red');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('warning')).toMatch(/^299 .*Colour/);
  });
});
