/** docs/refusals.md, made of the cases that the tests run and of what the program said of each. */
import { type CaseResults, TRANSFER_SYNTAXES } from './results';
import { KINDS, type Kind, OWN_CASES, type OwnCase } from './table';

const HEAD = `# What it refuses and why

Made by \`npm run docs:refusals\` from the cases that the tests run (test/contract/support/ownCases/table.ts); the words are those of the
program. What cannot be read right is refused by name, with exit code 3 on the command line, and nothing is written. The panel says the same,
in its language.

What was passed over beside the images (other series, localizers, dose pages, unreadable files of another series) is named on the
command line and in report.json under \`input\`.
`;

export function refusalsPage(results: CaseResults): string {
  const kinds = Object.keys(KINDS) as Kind[];
  const of = (gives: OwnCase['gives'], kind: Kind) => OWN_CASES.filter(one => one.kind === kind && one.gives === gives);
  const refused = kinds.flatMap(kind => {
    const rows = of('refuse', kind).map(one => row(one.what, ...said(one, results[one.what].stderr)));
    return rows.length > 0 ? [table(KINDS[kind], ['what is wrong', 'what is said', 'what to do'], rows)] : [];
  });
  const read = kinds.flatMap(kind => {
    const rows = of('same', kind).map(one => `- ${one.what}${notes(results[one.what].passedOver)}`);
    return rows.length > 0 ? [`### ${KINDS[kind]}\n\n${rows.join('\n')}\n`] : [];
  });
  return [
    HEAD,
    '## Refused\n',
    ...refused,
    '## Read\n',
    'Each gives the bodies and P(malignant) of the plain input, to the last digit.\n',
    `Transfer syntaxes: Explicit VR Little Endian, ${TRANSFER_SYNTAXES.join(', ')}; head first, feet first, prone, and with rows or columns the other way.\n`,
    ...read,
  ].join('\n');
}

/** The message and its remedy: the last sentence, or what follows the last semicolon. */
function said({ code }: OwnCase, stderr: string): [string, string] {
  const line = stderr.split('\n').find(text => text.startsWith(`analyse: ${code}: `)) ?? '';
  const message = line.replace(`analyse: ${code}: `, '');
  const at = Math.max(message.lastIndexOf('; '), message.search(/(?<=[a-z0-9)”]\.) (?=[A-Z][a-z]+ (?!.*\. [A-Z]))/));
  const [what, todo] = at < 0 ? [message, ''] : [message.slice(0, at), message.slice(at + 1).trim()];
  return [what.replace(/\.$/, ''), todo.charAt(0).toUpperCase() + todo.slice(1)];
}

const notes = (passedOver: readonly string[] = []) =>
  passedOver.length > 0 ? ` (named: ${escaped(passedOver.join('; '))})` : '';
const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*');
const row = (...cells: string[]) => `| ${cells.map(escaped).join(' | ')} |`;
const table = (title: string, head: readonly string[], rows: readonly string[]) =>
  `### ${title}\n\n| ${head.join(' | ')} |\n| ${head.map(() => '---').join(' | ')} |\n${rows.join('\n')}\n`;
