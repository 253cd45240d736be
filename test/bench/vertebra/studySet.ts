/** The study of a set of vertebrae, one after the other. */
import { fixed } from '../tables';
import { setName, type StudyModel, type VertebraSet, wholeVertebrae } from './cases';
import { vertebraRuns } from './runs';
import { figuresOf, studyVertebra, type VertebraRow } from './study';
import { figuresKey, type VertebraStudy } from './summary';

export interface StudyWish {
  readonly set: VertebraSet;
  readonly samplers: readonly string[];
  /** Vertebrae as they come, and of the first of them those whose slices that screening leaves out are run as well. */
  readonly wanted: number;
  readonly editLeftOut: number;
}

/** Goes on where an earlier one stopped: runs of `fast` are kept. @param say told of each vertebra */
export async function studySet(
  model: StudyModel,
  cache: string,
  { set, samplers, wanted, editLeftOut }: StudyWish,
  say: (line: string) => void
): Promise<VertebraStudy> {
  const runs = vertebraRuns(model, cache, set);
  const rows = new Map(samplers.map(name => [name, [] as VertebraRow[]]));
  let done = 0;
  for await (const whole of wholeVertebrae(cache, set, model)) {
    for (const [name, own] of rows) {
      const row = await studyVertebra(whole, runs, name, done < editLeftOut);
      own.push(row);
      say(`${name} ${rowText(row)}`);
    }
    if (++done >= wanted) break;
  }
  const { id, version } = model.manifest;
  return {
    model: `${id} ${version}`,
    sha256: figuresKey(model.manifest),
    set: setName(set),
    figures: [...rows].map(([name, own]) => figuresOf(name, own)),
    rows: Object.fromEntries(rows),
  };
}

function rowText({
  vertebra,
  searched,
  followed,
  known,
  evaluations,
  referenceSearched,
  leftOut,
  agreement,
  yardstick,
  lesions,
}: VertebraRow): string {
  const compared =
    agreement &&
    `against ${yardstick}: Dice ${fixed(agreement.maskDice, 3)}, voxels ${agreement.voxels.join(' / ')}, lesions ${agreement.matched} same, ${agreement.missed} missed, ${agreement.extra} more`;
  return [
    `${vertebra}${lesions === undefined ? '' : ` (${lesions} lesions)`}: ${searched} of ${known} slices searched, ${followed} more followed, ${evaluations} noise predictions, reference there ${referenceSearched}`,
    ...(leftOut.slices > 0
      ? [
          `left out: ${leftOut.slices} run, ${leftOut.candidates} candidates, ${leftOut.regions} regions kept, ${leftOut.pixels} pixels, ${leftOut.truePixels} true`,
        ]
      : []),
    ...(compared ? [compared] : []),
  ].join('; ');
}
