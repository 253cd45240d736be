/** The public collection as a table of vertebrae for training and evaluation. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { contactSheet, type SheetEntry } from '../vertebrae/contactSheet';
import { type Split, splitPatients } from '../vertebrae/split';
import { type TableRow, writeTable, writeVertebra } from '../vertebrae/table';
import { caseFolders, readCase } from './cases';
import { type ClinicalCase, readClinical } from './clinical';

/** Called invalid by a user of the collection, without a reason: they are read like all others, and the report says so. */
const DOUBTED = ['13627', '13977'];
const SHEET_SIZE = 100;

export interface SpineMetsOptions {
  readonly dicom: string;
  readonly clinical: string;
  readonly out: string;
  readonly seed: number;
  /** Leaves flagged vertebrae (fractures, hardware) out of the table. */
  readonly withoutFlagged: boolean;
  readonly onCase?: (done: number, total: number, id: string) => void;
}

export interface LeftOut {
  readonly case: string;
  /** Absent: the whole case. */
  readonly vertebra?: string;
  readonly why: string;
}

export interface SpineMetsReport {
  readonly vertebrae: readonly TableRow[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly { readonly case: string; readonly note: string }[];
}

/** Writes images, masks, manifest.csv, contact sheets, report.json and report.md into `out`. @throws CommandError */
export async function buildSpineMets(options: SpineMetsOptions): Promise<SpineMetsReport> {
  const clinical = await readClinical(options.clinical);
  const folders = caseFolders(options.dicom);
  const leftOut: LeftOut[] = [];
  const notes: { case: string; note: string }[] = [];
  const rows: Omit<TableRow, 'split'>[] = [];
  const sheet: SheetEntry[] = [];
  const known = new Map<string, ClinicalCase>();
  for (const entry of clinical) {
    if (known.has(entry.id))
      leftOut.push({ case: entry.id, why: 'the workbook has a second row for it; the first is used' });
    else known.set(entry.id, entry);
    if (!folders.has(entry.id))
      leftOut.push({ case: entry.id, why: 'in the workbook, but without a folder of images' });
  }
  mkdirSync(options.out, { recursive: true });
  let done = 0;
  for (const [id, folder] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    options.onCase?.(++done, folders.size, id);
    const entry = known.get(id);
    if (!entry) {
      leftOut.push({ case: id, why: 'it has images, but no row in the workbook' });
      continue;
    }
    if (DOUBTED.includes(id))
      notes.push({ case: id, note: 'called invalid by a user of the collection; look at its contact sheet' });
    notes.push(...entry.notes.map(note => ({ case: id, note })));
    try {
      addCase(entry, folder);
    } catch (error) {
      if (!(error instanceof InputError || error instanceof CommandError)) throw error;
      leftOut.push({ case: id, why: error.message });
    }
  }
  if (!rows.length)
    throw new CommandError('dataset', `${options.dicom}: no vertebra could be used. ${reasons(leftOut)}`);
  const splits = splitPatients(strata(rows), options.seed);
  const report = { vertebrae: rows.map(row => ({ ...row, split: splits.get(row.patient)! })), leftOut, notes };
  writeTable(options.out, report.vertebrae);
  for (let first = 0; first < sheet.length; first += SHEET_SIZE) {
    const name = `contact-sheet-${String(first / SHEET_SIZE + 1).padStart(2, '0')}.png`;
    writeFileSync(join(options.out, name), contactSheet(sheet.slice(first, first + SHEET_SIZE)));
  }
  writeFileSync(join(options.out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(options.out, 'report.md'), reportText(report));
  return report;

  function addCase(entry: ClinicalCase, folder: string): void {
    const { patientId, sliceThicknessMm, ctSeries, vertebrae, leftOut: segments } = readCase(folder);
    if (patientId !== entry.id) {
      throw new CommandError(
        'case',
        `its images are of the patient ${patientId || '(none)'}: case and PatientID must be the same`
      );
    }
    if (ctSeries > 1) {
      const note = `${ctSeries} CT series; the one that the segmentation was drawn on is used`;
      notes.push({ case: entry.id, note });
    }
    leftOut.push(...segments.map(({ name, why }) => ({ case: entry.id, vertebra: name, why })));
    const segmented = new Set([...vertebrae.map(({ level }) => level), ...segments.map(({ name }) => name)]);
    for (const level of entry.lesions.keys()) {
      if (!segmented.has(level))
        leftOut.push({ case: entry.id, vertebra: level, why: 'it has a lesion, but no segment' });
    }
    for (const { level, crop } of vertebrae) {
      const flags = [...new Set([...(entry.flags.get(level) ?? []), ...(entry.flags.get('*') ?? [])])];
      if (flags.length && options.withoutFlagged) {
        leftOut.push({ case: entry.id, vertebra: level, why: `flagged: ${flags.join(', ')}` });
        continue;
      }
      const kinds = entry.lesions.get(level);
      const id = `${entry.id}_${level}`;
      writeVertebra(options.out, id, crop);
      sheet.push({ crop, malignant: kinds !== undefined });
      rows.push({
        id,
        malignant: kinds !== undefined,
        patient: entry.id,
        level,
        kinds: kinds ?? [],
        flags,
        source: 'Spine-Mets-CT-SEG',
        sliceThicknessMm,
      });
    }
  }
}

/** By the kinds of lesion that a patient has. */
function strata(rows: readonly Omit<TableRow, 'split'>[]) {
  const kinds = new Map<string, Set<string>>();
  for (const row of rows) {
    const own = kinds.get(row.patient) ?? new Set<string>();
    kinds.set(row.patient, own);
    if (row.malignant) (row.kinds.length ? row.kinds : ['unnamed']).forEach(kind => own.add(kind));
  }
  return [...kinds].map(([patient, own]) => ({ patient, stratum: [...own].sort().join('+') || 'healthy' }));
}

function reasons(leftOut: readonly LeftOut[]): string {
  return leftOut
    .slice(0, 5)
    .map(({ case: id, vertebra, why }) => `${id}${vertebra ? ` ${vertebra}` : ''}: ${why}`)
    .join('; ');
}

function reportText({ vertebrae, leftOut, notes }: SpineMetsReport): string {
  const row = (split: Split) => {
    const own = vertebrae.filter(vertebra => vertebra.split === split);
    const malignant = own.filter(vertebra => vertebra.malignant);
    const of = (kinds: string) => malignant.filter(vertebra => vertebra.kinds.join('+') === kinds).length;
    const patients = new Set(own.map(({ patient }) => patient)).size;
    return `| ${split} | ${patients} | ${own.length} | ${malignant.length} | ${of('lytic')} | ${of('blastic')} | ${of('lytic+blastic')} | ${own.filter(({ flags }) => flags.length).length} |`;
  };
  return [
    '# Spine-Mets-CT-SEG as a table of vertebrae',
    'Research use only. The collection is CC BY 4.0 (TCIA); keep its citation with what you make of it.',
    '',
    '| split | patients | vertebrae | with lesions | lytic | blastic | mixed | flagged |',
    '|---|---|---|---|---|---|---|---|',
    ...(['train', 'validation', 'test'] as const).map(row),
    '',
    `## Left out (${leftOut.length})`,
    ...leftOut.map(({ case: id, vertebra, why }) => `- ${id}${vertebra ? ` ${vertebra}` : ''}: ${why}`),
    '',
    `## Notes (${notes.length})`,
    ...notes.map(({ case: id, note }) => `- ${id}: ${note}`),
    '',
  ].join('\n');
}
