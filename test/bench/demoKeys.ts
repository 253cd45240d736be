/**
 * `npm run count:keys`: how many key presses and clicks the demo study takes from the end of its analysis to a saved review, with the model
 * that users get. What is analysed once is kept; `--result <folder>` takes what `npm run analyse` wrote of it. The keys go to the session
 * behind the panel; radiologist.test.ts presses the same ones in the viewer.
 */
import { dirname, join } from 'node:path';
import { labelOffsets } from '@spine/core';
import { ctSeries, ctVolume, readLesionSeg, storedPixels } from '@spine/dicom';
import { parseOptions, runCommand } from '@spine/headless/cli';
import { readDicom } from '@spine/headless/dicomFiles';
import { demoStudy } from '../../viewer/src/demoStudy';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { isSetAside, isUndecided } from '../../extensions/vertebra-metastasis/src/ui/state/lesions';
import { until } from '../session/support/panelDriver';
import { memoryPorts } from '../session/support/panelPorts';
import { demoAnalysed } from '../support/demoAnalysed';
import { ROOT } from '../support/shared';

const USAGE = 'npm run count:keys [-- --result <folder>]';
const [MOST_KEYS, MOST_CLICKS] = [25, 20];

void runCommand('count:keys', USAGE, async () => {
  const { result } = parseOptions({ result: { type: 'string' } });
  const cache = join(ROOT, '.cache');
  const demo = await demoStudy(cache);
  const [ct, masks] = [join(demo.study, 'ct'), join(demo.study, 'vertebrae-seg.dcm')];
  const out = result ?? (await demoAnalysed(demo));

  const instances = readDicom(ct);
  const series = ctSeries(instances);
  const set = (id: string, Modality: string, more: object) => ({
    displaySetInstanceUID: id,
    StudyInstanceUID: series.studyInstanceUID,
    SeriesInstanceUID: id === 'ct' ? series.seriesInstanceUID : id,
    Modality,
    SeriesDescription: id,
    ...more,
  });
  const seg = (id: string, path: string) =>
    set(id, 'SEG', { instance: readDicom(path)[0], referencedSeriesInstanceUID: series.seriesInstanceUID });
  const { ports, world } = memoryPorts([
    set('ct', 'CT', { instances }),
    seg('masks', masks),
    seg('found', join(out, 'lesions.dcm')),
  ]);
  const readCt = async () => ctVolume(series, storedPixels);
  const controller = createController({ ...ports, study: { ...ports.study, readCt } });
  const { actions, store } = controller;
  await until(controller, s => s.lesions !== undefined && s.review.present.findings.length > 0);

  // Who reads it knows where the lesions are: what overlaps one is accepted, the rest rejected.
  const truth = readLesionSeg(readDicom(join(dirname(demo.study), 'lesions'))[0], series).labelmap.labels;
  const isTrue = (index: number) => (labelOffsets(world.shown!.labelmap).get(index) ?? []).some(at => truth[at] > 0);
  const rows = () => store.get().lesions!.rows;
  const hands = { keys: 0, clicks: 0 };
  const press = (act: () => void, clicks = 1) => {
    act();
    hands.keys++;
    hands.clicks += clicks;
  };
  const listed = rows().length;
  for (const { name, millilitres, score, flags, index, doubted } of rows()) {
    const what = [`${millilitres.toFixed(2)} ml`, `score ${score?.toFixed(2)}`, ...flags, doubted ? 'folded' : ''];
    process.stdout.write(`${name}: ${what.filter(Boolean).join(', ')}; ${isTrue(index) ? 'a lesion' : 'none'}\n`);
  }
  press(() => actions.nextUndecided());
  const next = () => rows().find(row => isUndecided(row) && (!isSetAside(row) || isTrue(row.index)));
  for (let row = next(); row; row = next()) {
    const { id, index } = row;
    if (store.get().focus.lesion !== id) press(() => actions.goToLesion(id));
    if (isTrue(index)) press(() => actions.acceptAndGo());
    // With the mouse: the list, then the reason.
    else press(() => actions.rejectAgainAndGo(), 2);
  }
  if (rows().some(isSetAside)) press(() => actions.rejectDoubted());
  press(() => actions.save());
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const open = rows().filter(isUndecided).length;
  process.stdout.write(
    `${listed} lesions found, ${rows().length} accepted, ${open} undecided: ${hands.keys} keys, ${hands.clicks} clicks\n`
  );
  await controller.dispose();
  if (open > 0 || hands.keys > MOST_KEYS || hands.clicks > MOST_CLICKS) {
    throw new Error(`More than ${MOST_KEYS} keys or ${MOST_CLICKS} clicks, or something is undecided.`);
  }
});
