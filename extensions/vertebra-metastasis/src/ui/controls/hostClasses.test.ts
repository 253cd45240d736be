/** The host ships the stylesheet; a class it does not contain would silently do nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const dist = join(dirname(require.resolve('@ohif/app/package.json')), 'dist');
const stylesheets = readdirSync(dist).filter(file => file.endsWith('.css'));
const css = stylesheets.map(file => readFileSync(join(dist, file), 'utf8')).join('\n');
const known = new Set([...css.matchAll(/\.((?:[\w-]|\\.)+)/g)].map(([, name]) => name.replaceAll('\\', '')));

function classesIn(source: string): string[] {
  const attributes = [...source.matchAll(/className=(?:"([^"]*)"|\{`([^`]*)`\})/g)];
  return attributes.flatMap(([, plain, template]) => {
    if (plain !== undefined) return plain.split(/\s+/);
    const alternatives = [...template.matchAll(/'([^']*)'/g)].map(([, text]) => text).join(' ');
    return `${template.replace(/\$\{[^}]*\}/g, ' ')} ${alternatives}`.split(/\s+/);
  });
}

const components = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.tsx'));

test.each(components)('%s uses classes of the host only', file => {
  const used = classesIn(readFileSync(join(__dirname, file), 'utf8')).filter(Boolean);
  expect(used.filter(name => !known.has(name))).toEqual([]);
});
