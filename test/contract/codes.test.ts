/** Every coded concept that our files can hold, looked up in pydicom's dictionary of the standard. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEVELS } from '@spine/core';
import {
  bodySeg,
  ctVolume,
  items,
  lesionSeg,
  measurementReport,
  noLesionSeg,
  PRIVATE_SCHEME,
  rtStruct,
  storedPixels,
  text,
} from '@spine/dicom';
import { CONTEXT, geometryCases } from './support/geometries';
import { findPython } from './support/readers';
import { makeFolder, removeFolder, run, skip } from './support/tools';

const folder = makeFolder();
afterAll(() => removeFolder(folder));

type Triplet = [scheme: string, value: string, meaning: string];

/** All levels, both kinds, confirmed and not, with a person who saves. */
function everyFile() {
  const { series, labelmap, lesions: forty } = geometryCases().at(-1)!;
  const lesions = forty.map((one, n) => ({ ...one, level: LEVELS[n % LEVELS.length], confirmed: n % 2 === 0 }));
  const context = { ...CONTEXT, series, labelmap, lesions, contentCreatorName: 'Doe^Jane', analysed: LEVELS };
  const vertebrae = lesions.map(({ index, level }) => ({ label: index, level }));
  const seg = lesionSeg({ ...context, segments: lesions });
  return {
    seg,
    bodies: bodySeg({ ...context, bodies: labelmap, vertebrae }),
    none: noLesionSeg({ ...context, bodies: labelmap, vertebrae }),
    contours: rtStruct({ ...context, bodies: { labelmap, vertebrae } }),
    report: measurementReport({ ...context, seg, volume: ctVolume(series, storedPixels) }),
  };
}

function codesIn(value: unknown, found = new Map<string, Triplet>()): Triplet[] {
  if (Array.isArray(value)) value.forEach(one => codesIn(one, found));
  else if (typeof value === 'object' && value !== null && !(value instanceof ArrayBuffer)) {
    const { CodingSchemeDesignator: scheme, CodeValue, CodeMeaning } = value as Record<string, string>;
    if (CodeValue) found.set(`${scheme} ${CodeValue} ${CodeMeaning}`, [scheme, CodeValue, CodeMeaning]);
    Object.values(value).forEach(one => codesIn(one, found));
  }
  return [...found.values()];
}

const files = everyFile();
const codes = codesIn(Object.values(files));

test('all but the private ones and a few that pydicom does not list stand in the standard with this very meaning', () => {
  expect(codes.length).toBeGreaterThan(60);
  const python = findPython();
  if (!python) return skip('a Python with pydicom and highdicom');
  const path = join(folder, 'codes.json');
  writeFileSync(path, JSON.stringify(codes));
  const unknown = JSON.parse(run(python, join(__dirname, 'support/unknown_codes.py'), path)) as Triplet[];
  expect(unknown.filter(([scheme]) => scheme !== PRIVATE_SCHEME).sort()).toEqual([
    ['RFC5646', 'en', 'English'],
    // Vertebral body and first sacral vertebra, as segmentation tools code them.
    ['SCT', '3572006', 'Vertebral body'],
    // "Vertebra": these two variants have no code of their own.
    ['SCT', '51282000', 'L6 vertebra'],
    ['SCT', '51282000', 'T13 vertebra'],
    ['SCT', '65985001', 'S1 vertebra'],
    // TID 1500, row 12.
    ['UMLS', 'C0034375', 'Qualitative Evaluations'],
  ]);
});

test('a file with private codes says whose they are; one without does not', () => {
  const declared = Object.entries(files).map(([name, dataset]) => {
    const schemes = items(dataset, 'CodingSchemeIdentificationSequence').map(one =>
      text(one, 'CodingSchemeDesignator')
    );
    return [name, codesIn(dataset).some(([scheme]) => scheme === PRIVATE_SCHEME), schemes.includes(PRIVATE_SCHEME)];
  });
  expect(declared).toEqual([
    ['seg', true, true],
    ['bodies', false, false],
    ['none', false, false],
    ['contours', false, false],
    ['report', true, true],
  ]);
});

test('every file says that it is for research use, which software contributed, and in which character set', () => {
  for (const [name, dataset] of Object.entries(files)) {
    expect([name, text(dataset, 'SeriesDescription')]).toEqual([name, expect.stringContaining('Research use only')]);
    const [equipment] = items(dataset, 'ContributingEquipmentSequence');
    expect(text(equipment, 'ContributionDescription')).toContain('Research use only');
    expect(text(equipment, 'ContributionDescription')).toContain(CONTEXT.model.sha256);
    expect(text(dataset, 'SpecificCharacterSet')).toBe('ISO_IR 192');
  }
});
