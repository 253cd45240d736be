/** What a result says nothing about: one list, and one English wording, for panel, report and files. */
import { describeError, type Fault } from '../errors';
import { levelOrder } from '../vertebrae/levels';
import { isOnlyScreened } from './coverage';
import type { BurdenVertebra, NotAssessed } from './types';

/**
 * Vertebrae that were only screened come as one item, from head to pelvis; the posterior elements always end the list.
 * @param hasLesions without any, a result that does not say what was analysed is no result
 */
export function notAssessedParts(
  vertebrae: readonly Pick<BurdenVertebra, 'level' | 'coverage' | 'reason'>[],
  hasLesions: boolean
): NotAssessed[] {
  const covered = vertebrae.some(({ coverage }) => coverage);
  const unknown: NotAssessed[] = !covered && hasLesions ? [{ part: 'unknown-coverage' }] : [];
  const screened = vertebrae
    .filter(({ coverage }) => coverage && isOnlyScreened(coverage))
    .map(({ level }) => level)
    .sort((a, b) => levelOrder(a) - levelOrder(b));
  const left = vertebrae.flatMap(({ level, coverage, reason }): NotAssessed[] => {
    if (!coverage) return covered || reason ? [{ part: 'vertebra', level, reason }] : [];
    const { searchedSlices, screenedSlices, skippedSlices, notAnalysedMillilitres } = coverage;
    return [
      ...(searchedSlices > 0 && screenedSlices > 0
        ? [{ part: 'screened-slices' as const, level, count: screenedSlices, of: searchedSlices + screenedSlices }]
        : []),
      ...(skippedSlices > 0 ? [{ part: 'slices' as const, level, count: skippedSlices }] : []),
      ...(notAnalysedMillilitres > 0
        ? [{ part: 'body-part' as const, level, millilitres: notAnalysedMillilitres }]
        : []),
    ];
  });
  return [
    ...unknown,
    ...(screened.length > 0 ? [{ part: 'screened-vertebrae' as const, levels: screened }] : []),
    ...left,
    { part: 'posterior-elements' },
  ];
}

/** The wording of one language. Millilitres come written out. */
export interface NotAssessedWords {
  readonly notAssessed: string;
  readonly posteriorElements: string;
  readonly unknownCoverage: string;
  vertebraNot(level: string): string;
  screenedVertebrae(levels: string): string;
  screenedSlices(level: string, count: number, of: number): string;
  slicesNot(level: string, count: number): string;
  bodyPartNot(level: string, millilitres: string): string;
}

/** The English of panel and files. */
export const NOT_ASSESSED_WORDS: NotAssessedWords = {
  notAssessed: 'Not assessed',
  posteriorElements: 'Posterior elements of every vertebra, and everything outside the vertebrae.',
  unknownCoverage: 'The saved result does not say which bodies were analysed, so percentages are unknown.',
  vertebraNot: level => `${level}: not analysed`,
  screenedVertebrae: levels => `${levels}: screened as not suspicious, not searched for lesions`,
  screenedSlices: (level, count, of) =>
    `${level}: ${count} of ${of} sagittal slices screened as not suspicious, not searched for lesions`,
  slicesNot: (level, count) =>
    `${level}: ${count === 1 ? '1 sagittal slice' : `${count} sagittal slices`} excluded from analysis`,
  bodyPartNot: (level, millilitres) => `${level}: ${millilitres} ml of the body without an analysed slice`,
};

/** How a language writes what is not a word of it. */
interface Writing {
  ml(millilitres: number): string;
  reason(reason: Fault): string;
}

const ENGLISH: Writing = {
  ml: millilitres => (millilitres < 0.005 ? '<0.01' : millilitres.toFixed(2)),
  reason: describeError,
};

/** One item in words. */
export function notAssessedText(item: NotAssessed, words = NOT_ASSESSED_WORDS, { ml, reason } = ENGLISH): string {
  switch (item.part) {
    case 'posterior-elements':
      return words.posteriorElements;
    case 'unknown-coverage':
      return words.unknownCoverage;
    case 'vertebra':
      return item.reason ? `${words.vertebraNot(item.level)}: ${reason(item.reason)}` : words.vertebraNot(item.level);
    case 'screened-vertebrae':
      return words.screenedVertebrae(item.levels.join(', '));
    case 'screened-slices':
      return words.screenedSlices(item.level, item.count, item.of);
    case 'slices':
      return words.slicesNot(item.level, item.count);
    case 'body-part':
      return words.bodyPartNot(item.level, ml(item.millilitres));
  }
}

/** "Not assessed: T9, T10: screened …; L1: not analysed; …." */
export function notAssessedSentence(
  items: readonly NotAssessed[],
  words = NOT_ASSESSED_WORDS,
  writing = ENGLISH
): string {
  const texts = items.map(item => notAssessedText(item, words, writing).replace(/\.$/, ''));
  return `${words.notAssessed}: ${texts.join('; ')}.`;
}
