/** Makes and runs every odd input in this process, one after the other: runCases.ts <results.json>. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeFile, encodeDataset, item } from '@spine/dicom';
import { analyseHere } from '../analyseHere';
import { readBytes } from '../readers';
import { segVoxels } from '../segVoxels';
import { hasTool } from '../tools';
import { IMAGES } from './anatomy';
import { BASE, type CaseResult, chosen } from './results';
import { DCMTK_SYNTAXES, SYNTAXES } from './syntaxes';
import { type CaseFiles, ORIENTATIONS, oriented, OWN_CASES, type OwnCase, plain } from './table';

/** Slices are judged, and none is searched: P and bodies are what is compared. */
const QUICK = ['--screen-below', '2', '--threads', '1'];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'own-cases-'));
  const results: Record<string, CaseResult> = {};
  try {
    // Messages name files from where the command was given.
    process.chdir(folder);
    const run = async (name: string, files: CaseFiles, { ct, masks, options = [] }: Partial<OwnCase> = {}) => {
      write(files);
      results[name] = await analysed(
        ['--ct', ct ?? found('ct', 'ct.nii.gz', 'ct.nii'), '--vertebrae', masks ?? masksBeside()],
        options
      );
      for (const entry of readdirSync('.')) rmSync(entry, { recursive: true });
    };
    const [dicom, nifti] = [plain.dicom(), plain.nifti()];
    await run(BASE.dicom, dicom);
    await run(BASE.nifti, nifti);
    for (const one of OWN_CASES) {
      const all = completed(one.files(), dicom);
      await run(one.what, all, one);
      if (one.same) await run(chosen(one), all, { ...one, options: [...(one.options ?? []), ...one.same] });
    }
    const slices = Object.keys(dicom).filter(name => name.startsWith('ct/'));
    for (const [syntax, encode] of Object.entries(SYNTAXES)) {
      for (const [orientation, signs] of Object.entries(ORIENTATIONS)) {
        if (DCMTK_SYNTAXES.has(syntax) && (orientation !== 'head first' || !hasTool('dcmcjpeg'))) continue;
        const files: Record<string, Uint8Array> = {};
        for (const [k, name] of slices.entries()) {
          // Some slices are enough where each takes a process; the others stay as they are.
          const some = DCMTK_SYNTAXES.has(syntax) && k % 4 !== 0;
          files[name] = some ? new Uint8Array(encodeDataset(IMAGES[k])) : await encode(oriented(IMAGES[k], signs));
        }
        await run(`${syntax}, ${orientation}`, { ...files, ...labelsOf(nifti) });
      }
    }
    writeFileSync(process.argv[2], JSON.stringify(results));
  } finally {
    process.chdir('/');
    rmSync(folder, { recursive: true });
  }
}

const labelsOf = (nifti: CaseFiles) => ({ 'labels.nii.gz': nifti['labels.nii.gz'] });
const found = (...names: string[]) => names.find(name => existsSync(name)) ?? names[0];
const masksBeside = () => found('labels.nii.gz', 'labels', 'seg.dcm');

/** With the plain CT or masks where the case has none of its own. */
function completed(files: CaseFiles, dicom: CaseFiles): CaseFiles {
  const has = (test: RegExp) => Object.keys(files).some(name => test.test(name));
  const { 'seg.dcm': seg, ...slices } = dicom;
  return {
    ...(has(/^ct/) ? {} : slices),
    ...(has(/seg|labels|vertebrae_/) ? {} : { 'seg.dcm': seg }),
    ...files,
  };
}

function write(files: CaseFiles): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(name), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(name, content);
    else symlinkSync(content.link, name);
  }
}

async function analysed(paths: readonly string[], options: readonly string[]): Promise<CaseResult> {
  const out = mkdtempSync(join(tmpdir(), 'own-case-'));
  rmSync(out, { recursive: true });
  const { status, stderr, report } = await analyseHere(out, ...QUICK, ...paths, ...options);
  const bodies = join(out, 'bodies.dcm');
  const result: CaseResult = {
    status,
    stderr,
    wrote: existsSync(out),
    probabilities: report && Object.fromEntries(report.vertebrae.map(one => [one.label, one.malignancyProbability])),
    bodies: existsSync(bodies) ? segVoxels(bodies) : undefined,
    name: existsSync(bodies) ? nameOf(bodies) : undefined,
    passedOver: report?.input?.passedOver,
  };
  rmSync(out, { recursive: true, force: true });
  return result;
}

/** All representations of the name. */
function nameOf(path: string): string {
  const { Alphabetic = '', Ideographic } = item(decodeFile(readBytes(path)), 'PatientName') as Record<string, string>;
  return [Alphabetic, Ideographic].filter(Boolean).join('=');
}

void main();
