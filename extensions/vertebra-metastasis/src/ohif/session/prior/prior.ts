/** The comparison with an earlier study, kept up to date while a tab shows it. */
import { compareStudies } from '../../../core';
import type { PriorComparison } from '../../../ui';
import { toProblem } from '../../problems';
import type { App, Context } from '../context';
import type { Provenance } from '../../../core';
import { currentProvenance } from '../review/state';
import type { State } from '../store';
import { vertebraRowsOf } from '../vertebrae/state';
import { watch } from '../watch';
import { alignAll, currentLesions, knownAlignments } from './compare';
import { findPriors } from './search';
import { dashed, initialPrior, type PriorSlice } from './state';
import { type OpenedPrior, openPrior } from './study';

/** Searches when the tab is first shown, compares when lesions or masks change. @returns a function that stops */
export function watchPrior(app: App): () => void {
  const searching = watch(app, searchInputs, context => void searchPriors(context));
  const comparing = watch(app, comparisonInputs, (context, stillWanted) => void compare(context, stillWanted));
  return () => {
    searching();
    comparing();
  };
}

function searchInputs({ session: { ct, prior }, preferences }: State): readonly unknown[] | undefined {
  return preferences.tab === 'prior' && prior.search.status === 'idle' ? [ct.series] : undefined;
}

/** The report tells a comparison that was made, but does not ask for one. */
function comparisonInputs({ session, preferences: { tab } }: State): readonly unknown[] | undefined {
  const { prior, review, vertebrae } = session;
  if (!prior.opened || (tab !== 'prior' && tab !== 'report')) return undefined;
  const { lesions, storedCoverage, history, provenance } = review;
  return [
    prior.opened,
    lesions,
    vertebrae.bodies,
    storedCoverage,
    vertebrae.reading,
    history.present.rules,
    provenance,
  ];
}

/** Lists earlier studies with a result of ours and opens the newest. */
export async function searchPriors(context: Context): Promise<void> {
  const { session, ports } = context;
  const { series } = session.state.ct;
  if (!series) return;
  const search: PriorSlice['search'] = { status: 'loading' };
  ports.prior.hide();
  session.update(() => ({ prior: { ...initialPrior, search } }));
  const stillWanted = () => !session.closed && session.state.prior.search === search;
  try {
    const studies = await findPriors(ports.prior.archive, series.instances[0]);
    if (!stillWanted()) return;
    session.patch('prior', { search: { status: 'ready', value: undefined }, studies });
    if (studies.length > 0) await selectPrior(context, String(studies[0].seg.SOPInstanceUID));
  } catch (error) {
    if (stillWanted()) session.patch('prior', { search: { status: 'error', problem: toProblem(error) } });
  }
}

/** @param id of a choice */
export async function selectPrior(context: Context, id: string): Promise<void> {
  const { session, ports } = context;
  const { studies } = session.state.prior;
  const study = studies.find(({ seg }) => seg.SOPInstanceUID === id);
  if (!study) return;
  ports.prior.hide();
  const comparison: PriorSlice['comparison'] = { status: 'loading' };
  session.patch('prior', { selected: id, opened: undefined, comparison, shown: false });
  const stillWanted = () => !session.closed && session.state.prior.comparison === comparison;
  try {
    const levels = vertebraRowsOf(session.state).map(({ level }) => level);
    const opened = await openPrior(ports.prior.archive, reference => ports.study.readSeg(reference), study, levels);
    if (stillWanted()) session.patch('prior', { opened });
  } catch (error) {
    if (stillWanted()) session.patch('prior', { comparison: { status: 'error', problem: toProblem(error) } });
  }
}

async function compare(context: Context, stillWanted: () => boolean): Promise<void> {
  const { session } = context;
  const { state } = session;
  const { opened } = state.prior;
  const { series } = state.ct;
  if (!series || !opened) return;
  const show = (comparison: PriorSlice['comparison']) => {
    if (stillWanted() && session.state.prior.opened === opened) session.patch('prior', { comparison });
  };
  const onProgress = (done: number, total: number) => show({ status: 'loading', done, total });
  try {
    const current = currentLesions(state);
    if (!current) return show({ status: 'idle' });
    // With known alignments it is there at once: nobody reads an earlier comparison beside a new burden.
    const alignments =
      knownAlignments(state.prior.alignments, current, opened.lesions) ??
      (await alignAll(session, current, opened.lesions, { onProgress, stillWanted }));
    if (!alignments || !stillWanted()) return;
    const value: PriorComparison = {
      comparison: compareStudies(current, opened.lesions, alignments),
      priorDate: dashed(opened.study.date),
      currentDate: dashed(String(series.instances[0].StudyDate ?? '')),
      sameMethod: isSameMethod(currentProvenance(state), opened.provenance),
      hasMasks: opened.lesions.bodies !== undefined,
    };
    show({ status: 'ready', value });
  } catch (error) {
    show({ status: 'error', problem: toProblem(error) });
  }
}

function isSameMethod(now: OpenedPrior['provenance'], before: OpenedPrior['provenance']): boolean {
  const named = ({ model, threshold }: Provenance) => `${model.name} ${model.version}, ${threshold}`;
  return now !== undefined && before !== undefined && named(now) === named(before);
}
