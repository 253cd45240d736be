/** The collection in miniature: its layout, and every quirk that its users met. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLabels, scoreVertebrae, labelFigures } from '@spine/evaluation/labels/evaluateLabels';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { readNiftiLabelmap, readNiftiVolume } from '@spine/headless/nifti';
import { type MiniCase, writeMiniCase, writeWorkbook } from '../../../test/support/spineMets/miniature';
import { ROOT } from '../../../test/support/shared';
import { splitPatients } from '../vertebrae/split';
import { buildSpineMets, type SpineMetsReport } from './build';
import { levelsOf, readClinical } from './clinical';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'spine-mets-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('lists of levels', () => {
  it.each([
    ['T1, T2 T3, T4', ['T1', 'T2', 'T3', 'T4']],
    ['L1;L3/T12 and t11', ['T11', 'T12', 'L1', 'L3']],
    ['Th5,Th 6', ['T5', 'T6']],
    ['T8-T10', ['T8', 'T9', 'T10']],
    ['T11-L2, L4', ['T11', 'T12', 'L1', 'L2', 'L4']],
    ['T8–10', ['T8', 'T9', 'T10']],
    ['none', []],
    ['', []],
    ['T05', ['T5']],
  ])('%s', (text, levels) => expect(levelsOf(text).levels).toEqual(levels));

  it('name what looks like a level and is none', () => {
    expect(levelsOf('T15, L2, T120')).toEqual({ levels: ['L2'], unknown: ['T15'] });
  });
});

describe('the workbook', () => {
  it('gives kinds and flags by level, and what is odd about a row', async () => {
    const path = join(folder, 'clinical.xlsx');
    await writeWorkbook(path, [
      {
        id: '10250',
        lesions: 'T12, L1 L2',
        blastic: 'T12',
        lytic: 'L1 ,L3',
        mixed: 'L2',
        comments: 'Compression fracture T12. Pedicle screws L1-L2; old scar',
      },
      { id: '10251', lesions: 'T5 T15', comments: 'Postoperative' },
      { id: '10252', comments: 'No pathologic or compression fracture or hardware; no rods, cage at T9' },
    ]);
    const [first, second, third] = await readClinical(path);
    expect([first.id, [...first.lesions]]).toEqual([
      '10250',
      [
        ['T12', ['blastic']],
        ['L1', ['lytic']],
        ['L2', ['lytic', 'blastic']],
        ['L3', ['lytic']],
      ],
    ]);
    expect([...first.flags]).toEqual([
      ['T12', ['fracture']],
      ['L1', ['hardware']],
      ['L2', ['hardware']],
    ]);
    expect(first.notes).toEqual([expect.stringMatching(/^L3 stands under Lytic but not under/)]);
    expect([...second.flags]).toEqual([['*', ['hardware']]]);
    expect([...third.flags]).toEqual([['T9', ['hardware']]]);
    expect(second.notes).toEqual([
      expect.stringMatching(/T15 is no vertebra/),
      expect.stringMatching(/^T5: a lesion of no named kind/),
    ]);
  });

  it('says which sheet or column is missing', async () => {
    const path = join(folder, 'other.xlsx');
    await writeWorkbook(path, [], { sheet: 'Sheet1' });
    await expect(readClinical(path)).rejects.toThrow(/no sheet "Spine-Mets-CT-SEG"; it has "Sheet1"/);
    await writeWorkbook(path, [], { header: ['Case', 'Age (Y)'] });
    await expect(readClinical(path)).rejects.toThrow(/"Primary cancer".*"Lytic".*are missing; it has Case, Age/);
    writeFileSync(path, 'no workbook');
    await expect(readClinical(path)).rejects.toThrow(/cannot be read as an Excel workbook/);
    await expect(readClinical(join(folder, 'absent.xlsx'))).rejects.toThrow(/no such file/);
  });
});

describe('the split', () => {
  const patients = Array.from({ length: 40 }, (_, i) => ({ patient: `p${i}`, stratum: i % 4 ? 'lytic' : 'blastic' }));
  const count = (split: Map<string, string>, wanted: string, every = 1) =>
    patients.filter(({ patient }, i) => i % every === 0 && split.get(patient) === wanted).length;

  it('is 70/15/15 of the patients, in every stratum, the same for the same seed', () => {
    const split = splitPatients(patients, 1);
    expect([count(split, 'train'), count(split, 'validation'), count(split, 'test')]).toEqual([28, 6, 6]);
    expect(count(split, 'train', 4)).toBe(7);
    expect(splitPatients([...patients].reverse(), 1)).toEqual(split);
    expect(splitPatients(patients, 2)).not.toEqual(split);
  });

  it('leaves patients where they were when others come', () => {
    const before = splitPatients(patients.slice(0, 20), 1);
    const after = splitPatients(patients, 1, before);
    for (const [patient, split] of before) expect(after.get(patient)).toBe(split);
    expect(count(after, 'train')).toBe(28);
  });
});

describe('the miniature collection', () => {
  const cases: MiniCase[] = [
    { id: '10250', lesions: ['lytic', undefined, 'blastic'] },
    { id: '13627', lesions: [undefined, 'blastic', undefined] },
    { id: '10300', lesions: [undefined, undefined, undefined], quirk: 'two-ct-series' },
    { id: '10301', lesions: ['lytic', undefined, undefined], quirk: 'extra-segment' },
    { id: '10302', lesions: [undefined, undefined, undefined], patientId: '99999' },
    { id: '10303', lesions: [undefined, undefined, undefined], quirk: 'no-seg' },
    { id: '10304', lesions: [undefined, undefined, undefined], quirk: 'cut-file' },
    { id: '10305', lesions: [undefined, undefined, undefined] },
  ];
  const workbook = [
    { id: '10250', lesions: 'T12 L2', lytic: 'T12', blastic: 'L2', comments: 'Fracture of L2' },
    { id: '13627', lesions: 'L1', blastic: 'L1' },
    { id: '10300' },
    { id: '10301', lesions: 'T12, L2', lytic: 'T12', mixed: 'L2', comments: 'Kyphoplasty' },
    { id: '10302' },
    { id: '10303' },
    { id: '10304' },
    { id: '20000', lesions: 'T4' },
  ];
  const out = () => join(folder, 'out');
  let report: SpineMetsReport;
  beforeAll(async () => {
    for (const mini of cases) writeMiniCase(join(folder, 'tcia'), mini);
    await writeWorkbook(join(folder, 'mini.xlsx'), workbook);
    report = await buildSpineMets({
      dicom: join(folder, 'tcia'),
      clinical: join(folder, 'mini.xlsx'),
      out: out(),
      seed: 1,
      withoutFlagged: false,
    });
  });

  it('becomes a table of vertebrae with labels, kinds and flags', () => {
    const shown = report.vertebrae.map(({ id, malignant, kinds, flags }) =>
      [id, malignant, kinds.join('+'), flags.join('+')].join(' ')
    );
    expect(shown).toEqual([
      '10250_T12 true lytic ',
      '10250_L1 false  ',
      '10250_L2 true blastic fracture',
      '10300_T12 false  ',
      '10300_L1 false  ',
      '10300_L2 false  ',
      '10301_T12 true lytic hardware',
      '10301_L1 false  hardware',
      '13627_T12 false  ',
      '13627_L1 true blastic ',
      '13627_L2 false  ',
    ]);
    expect(new Set(report.vertebrae.map(({ patient, split }) => `${patient} ${split}`)).size).toBe(4);
  });

  it('says of everything else why it is left out', () => {
    const shown = report.leftOut.map(({ case: id, vertebra = '', why }) => `${id} ${vertebra}: ${why}`);
    expect(shown).toEqual([
      expect.stringMatching(/^20000 : .*without a folder/),
      expect.stringMatching(/^10301 Spinal cord: segment not used: not-recognised/),
      expect.stringMatching(/^10301 L2: it has a lesion, but no segment/),
      expect.stringMatching(/^10302 : .*patient 99999/),
      expect.stringMatching(/^10303 : 0 segmentations/),
      expect.stringMatching(/^10304 : /),
      expect.stringMatching(/^10305 : .*no row in the workbook/),
    ]);
    expect(report.notes).toContainEqual({ case: '10300', note: expect.stringMatching(/^2 CT series/) });
    expect(report.notes).toContainEqual({ case: '13627', note: expect.stringMatching(/called invalid/) });
    const text = readFileSync(join(out(), 'report.md'), 'utf8');
    for (const line of ['10302', '10304', '13627', 'CC BY 4.0']) expect(text).toContain(line);
    expect(existsSync(join(out(), 'contact-sheet-01.png'))).toBe(true);
  });

  it('has crops of bodies without arch, front first and head first, and no name in them', async () => {
    const image = await readNiftiVolume(join(out(), 'images/10250_L1.nii.gz'));
    const mask = await readNiftiLabelmap(join(out(), 'masks/10250_L1.nii.gz'));
    expect(image.dims.slice(0, 2)).toEqual([64, 64]);
    // The ellipse of 38 x 28 mm and 16.5 mm height, without what lies behind it.
    const volumeMl = (mask.labels.filter(Boolean).length * 0.8 * 0.675 * 0.8) / 1000;
    expect(volumeMl).toBeGreaterThan(11);
    expect(volumeMl).toBeLessThan(17);
    const place = (i: number) => [i % 64, Math.floor(i / 64) % 64];
    const rows = [...mask.labels].flatMap((label, i) => (label ? [place(i)[0]] : []));
    expect(Math.abs((Math.min(...rows) + Math.max(...rows)) / 2 - 31.5)).toBeLessThan(3);
    expect(readFileSync(join(out(), 'manifest.csv'), 'utf8')).not.toMatch(/\^|1\.2\.|2\.25/);
  });

  it('goes on to the evaluation by labels', async () => {
    const rows = readLabels(join(out(), 'manifest.csv'));
    const { network, manifest } = await loadModelFromFolder(join(ROOT, 'models/tiny'));
    const figures = labelFigures(await scoreVertebrae({ network, classifier: manifest.classifier }, rows, 1));
    await network.dispose();
    expect([figures.vertebrae, figures.malignant, figures.patients]).toEqual([11, 4, 4]);
    expect(figures.auc).toBeGreaterThanOrEqual(0);
    expect(() => readLabels(join(out(), 'manifest.csv'), 'holiday')).toThrow(/no row of the split "holiday"/);
  });
});
