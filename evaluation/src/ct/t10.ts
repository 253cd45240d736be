/** The one real metastatic vertebra: every sagittal slice, one by one. */
import { join } from 'node:path';
import type { LesionKind } from '@spine/core';
import { contactSheet } from '../contactSheet';
import { readSlices } from '../crops';
import { type EvaluatedSlice, evaluateSlice } from '../evaluate';
import { screened } from '../screened';
import { followedSlices } from '../settled';
import { table } from '../tables';
import { type Part, probability, share } from './part';
import type { ShippedModel } from './study';

const FOLDER = 'hide-and-seek-t10';
/** The slice that the authors analyse. */
const AUTHORS_SLICE = 32;
const SHEET_ROWS = 24;
const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

/**
 * The file's own slices `array[:, :, k]`, as the authors take them: its header names wrong axes and is not used. Its intensities are
 * a linear image of HU, which the method's normalisation per slice undoes.
 * @param folder of real CT
 */
export async function t10Part(model: ShippedModel, folder: string): Promise<Part> {
  const image = join(folder, FOLDER, 'ct.nii.gz');
  const bodyMask = join(folder, FOLDER, 'body.nii.gz');
  const identity = { id: FOLDER, patient: FOLDER, level: 'T10', mimic: '', source: FOLDER };
  const slices = await readSlices({ ...identity, image, bodyMask, malignant: true, sliceThicknessMm: 0.8 }, 'all');
  const alone: EvaluatedSlice[] = [];
  const indices = slices.map(({ index }) => index);
  for (const slice of await screened(model, slices, indices)) {
    const options = { method: model.method, screenBelow: model.screenBelow };
    alone.push(await evaluateSlice(model, slice, options));
    process.stderr.write(`T10 slice ${alone.length} of ${slices.length}\n`);
  }
  const evaluated = await followedSlices(model, alone, model.method);
  const rows = evaluated.map(summary);
  const sheets: Record<string, Buffer> = {};
  for (let first = 0; first < evaluated.length; first += SHEET_ROWS) {
    const part = evaluated.slice(first, first + SHEET_ROWS);
    const [from, to] = [part[0], part[part.length - 1]].map(({ slice }) => String(slice.index).padStart(2, '0'));
    sheets[`t10-slices-${from}-to-${to}`] = contactSheet(part);
  }
  const count = (test: (row: SliceSummary) => boolean) => rows.filter(test).length;
  const authors = rows.find(({ slice }) => slice === AUTHORS_SLICE);
  return {
    sheets,
    json: { slices: rows, brightness: brightness(evaluated) },
    markdown: [
      `## Real metastatic vertebra (T10 of the authors, several blastic foci)`,
      `${rows.length} slices hold some of the body (${rows[0].slice} to ${rows[rows.length - 1].slice}); ${count(row => row.searched)} have P(malignant) of ${model.screenBelow} and more and were searched; blastic regions are kept in ${count(row => row.blasticPixels > 0)}, lytic in ${count(row => row.lyticPixels > 0)}. The authors' slice ${AUTHORS_SLICE}: P ${authors ? probability(authors.probability) : 'none'}. There is no mask of the lesions, so nothing is scored: the contact sheets (one row a slice, ascending) are to be looked at.`,
      `Mean brightness above that of the body, in parts of the slice's range (a blastic focus lies above 0, a lytic one below): ${describe(brightness(evaluated))}.`,
      table(
        [
          'Slice',
          'P(malignant)',
          'Body pixels',
          'Candidates',
          'Blastic kept: pixels (score)',
          'Lytic kept: pixels (score)',
        ],
        rows.map(row => [
          ...[String(row.slice), probability(row.probability), String(row.bodyPixels)],
          row.searched ? String(row.candidates) : 'not searched',
          ...(['blastic', 'lytic'] as const).map(kind =>
            row.kept
              .filter(one => one.kind === kind)
              .map(({ pixels, score }) => `${pixels} (${share(score)})`)
              .join(', ')
          ),
        ])
      ),
    ].join('\n\n'),
  };
}

interface SliceSummary {
  readonly slice: number;
  readonly probability: number;
  readonly searched: boolean;
  readonly bodyPixels: number;
  readonly candidates: number;
  readonly lyticPixels: number;
  readonly blasticPixels: number;
  readonly kept: readonly { readonly kind: LesionKind; readonly pixels: number; readonly score: number }[];
}

const pixelsIn = (mask: Uint8Array | undefined) => mask?.reduce((sum, inside) => sum + inside, 0) ?? 0;

function summary({ slice, probability: p, attribution }: EvaluatedSlice): SliceSummary {
  const kept = attribution?.candidates.filter(candidate => candidate.kept) ?? [];
  return {
    slice: slice.index,
    probability: p,
    searched: attribution !== undefined,
    bodyPixels: pixelsIn(slice.bodyMask),
    candidates: attribution?.candidates.length ?? 0,
    lyticPixels: pixelsIn(attribution?.lyticMask),
    blasticPixels: pixelsIn(attribution?.blasticMask),
    kept: kept.map(({ kind, pixelCount, attributionScore }) => ({ kind, pixels: pixelCount, score: attributionScore })),
  };
}

/** Mean over the kept pixels of each kind of their brightness above the mean of the body in their slice; null where none is kept. */
function brightness(slices: readonly EvaluatedSlice[]): Record<LesionKind, number | null> {
  const of = (kind: LesionKind): number | null => {
    let [sum, pixels] = [0, 0];
    for (const { slice, predictions } of slices) {
      const mask = predictions.method?.[kind] ?? new Uint8Array(0);
      const body = slice.patch.filter((_, pixel) => slice.bodyMask[pixel] > 0);
      const mean = body.reduce((total, value) => total + value, 0) / body.length;
      mask.forEach((inside, pixel) => {
        if (!inside) return;
        sum += slice.patch[pixel] - mean;
        pixels++;
      });
    }
    return pixels > 0 ? sum / pixels : null;
  };
  return { lytic: of('lytic'), blastic: of('blastic') };
}

const describe = (of: Record<LesionKind, number | null>) =>
  KINDS.map(kind => `${kind} ${of[kind] === null ? 'none kept' : share(of[kind])}`).join(', ');
