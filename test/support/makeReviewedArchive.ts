/** `npx tsx test/support/makeReviewedArchive.ts <folder> <studies> [contrast]`: generated studies with the reviews of a simulated reader, to try `npm run learn` on. */
import { writeReviewedArchive } from './reviewedArchive';

const [folder, studies = '40', contrast = '1'] = process.argv.slice(2);
if (!folder) throw new Error('usage: npx tsx test/support/makeReviewedArchive.ts <folder> [studies] [contrast]');
writeReviewedArchive(folder, Number(studies), { contrast: Number(contrast) });
process.stdout.write(`${studies} reviewed studies in ${folder}\n`);
