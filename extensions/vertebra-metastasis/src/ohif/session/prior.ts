/** The comparison with an earlier study, kept up to date while someone looks at it. */
import type { Prior } from '../../ui';
import { toProblem } from '../problems';
import type { Context } from './context';
import { provenanceInForce } from './inForce';
import { compareWith } from './priorCompare';
import { findPriors, type PriorStudy } from './priorSearch';
import { type OpenedPrior, openPrior } from './priorStudy';
import type { Provenance } from './provenance';
import { entries } from './vertebrae';

/** What the comparison keeps between looks; a new CT starts it afresh. */
export interface PriorSession {
  readonly ct: unknown;
  studies: readonly PriorStudy[];
  opened?: OpenedPrior;
  /** What the last comparison was made of. */
  compared: readonly unknown[];
}

/** Searches when the tab is first shown, compares when lesions or masks change. @returns a function that stops */
export function watchPrior(context: Context): () => void {
  return context.store.subscribe(() => {
    const { session, store } = context;
    const { tab } = store.get();
    if (!session.ct || session.disposed) return;
    const opened = session.prior?.ct === session.ct;
    // The report tells a comparison that was made, but does not ask for one.
    if (opened && (tab === 'prior' || tab === 'report')) compareIfChanged(context);
    else if (tab === 'prior') void searchPriors(context);
  });
}

const patchPrior = ({ store }: Context, change: Partial<Prior>) =>
  store.update(state => ({ ...state, prior: { ...state.prior, ...change } }));

/** Lists earlier studies with a result of ours and opens the newest. */
export async function searchPriors(context: Context): Promise<void> {
  const { session, ports } = context;
  const { ct } = session;
  if (!ct) return;
  const own: PriorSession = { ct, studies: [], compared: [] };
  session.prior = own;
  ports.prior.hide();
  patchPrior(context, {
    ...{ search: { status: 'loading' }, comparison: { status: 'idle' }, choices: [], shown: false },
    selected: undefined,
  });
  const stillWanted = () => session.prior === own && !session.disposed;
  try {
    own.studies = await findPriors(ports.prior.archive, ct.series.instances[0]);
    if (!stillWanted()) return;
    const choices = own.studies.map(({ seg, date, description }) => ({
      id: String(seg.SOPInstanceUID),
      label: `${dashed(date)} ${description}`.trim(),
    }));
    patchPrior(context, { search: { status: 'ready', value: undefined }, choices });
    if (choices.length > 0) await selectPrior(context, choices[0].id);
  } catch (error) {
    if (stillWanted()) patchPrior(context, { search: { status: 'error', problem: toProblem(error) } });
  }
}

/** @param id of a choice */
export async function selectPrior(context: Context, id: string): Promise<void> {
  const { session, ports, store } = context;
  const own = session.prior;
  const study = own?.studies.find(({ seg }) => seg.SOPInstanceUID === id);
  if (!own || !study) return;
  own.opened = undefined;
  own.compared = [];
  ports.prior.hide();
  patchPrior(context, { selected: id, comparison: { status: 'loading' }, shown: false });
  const stillWanted = () => session.prior === own && store.get().prior.selected === id && !session.disposed;
  try {
    const levels = entries(context).map(({ level }) => level);
    const opened = await openPrior(ports.prior.archive, reference => ports.study.readSeg(reference), study, levels);
    if (!stillWanted()) return;
    own.opened = opened;
    compareIfChanged(context);
  } catch (error) {
    if (stillWanted()) patchPrior(context, { comparison: { status: 'error', problem: toProblem(error) } });
  }
}

function compareIfChanged(context: Context): void {
  const { session, store } = context;
  const own = session.prior;
  if (!own?.opened) return;
  const inputs = [
    ...[own.opened, session.lesions, session.bodies, session.storedCoverage, store.get().vertebrae.reading],
    ...[session.review.present.rules, session.provenance],
  ];
  if (inputs.every((input, n) => input === own.compared[n]) && own.compared.length > 0) return;
  own.compared = inputs;
  void compare(context, own.opened, () => own.compared === inputs && session.prior === own && !session.disposed);
}

async function compare(context: Context, opened: OpenedPrior, stillWanted: () => boolean): Promise<void> {
  const { session } = context;
  const { ct } = session;
  if (!ct) return;
  const show = (comparison: Prior['comparison']) => {
    if (stillWanted()) patchPrior(context, { comparison });
  };
  const onProgress = (done: number, total: number) => show({ status: 'loading', done, total });
  try {
    const comparison = await compareWith(context, opened.lesions, { onProgress, stillWanted });
    if (!stillWanted()) return;
    if (!comparison) return show({ status: 'idle' });
    session.alignments = comparison.alignments;
    const value = {
      comparison,
      priorDate: dashed(opened.study.date),
      currentDate: dashed(String(ct.series.instances[0].StudyDate ?? '')),
      sameMethod: isSameMethod(provenanceInForce(session), opened.provenance),
      hasMasks: opened.lesions.bodies !== undefined,
    };
    show({ status: 'ready', value });
  } catch (error) {
    show({ status: 'error', problem: toProblem(error) });
  }
}

function isSameMethod(now: Provenance | undefined, before: Provenance | undefined): boolean {
  const named = ({ model, threshold }: Provenance) => `${model.name} ${model.version}, ${threshold}`;
  return now !== undefined && before !== undefined && named(now) === named(before);
}

/** 20250310 -> 2025-03-10 */
const dashed = (date: string): string => date.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
