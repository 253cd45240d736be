/** docs/architecture.md and the recipes of CONTRIBUTING.md name files, folders and functions: they are there. A clone stays small. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../support/shared';

const SRC = join(ROOT, 'extensions/vertebra-metastasis/src');
const SESSION = join(SRC, 'ohif/session');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const architecture = read('docs/architecture.md');

/** What a page puts into backticks, code blocks aside. */
const quoted = (page: string) =>
  [...page.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);
const rows = (heading: string) =>
  architecture
    .split(`## ${heading}`)[1]
    .split('\n## ')[0]
    .split('\n')
    .filter(line => /^\| `/.test(line))
    .map(line => line.split('|').slice(1, 3));
/** Files that are named without their folder. */
const names = new Set(
  ['docs', 'models', 'test', 'extensions/vertebra-metastasis/src'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(path => basename(path))
  )
);
const find = (name: string) =>
  [ROOT, SRC, SESSION, join(SESSION, 'exports'), join(ROOT, 'test')]
    .map(folder => join(folder, name))
    .find(path => existsSync(path));
/** What a build makes is there only after it. */
const isMade = (name: string) => spawnSync('git', ['check-ignore', '--quiet', `${name}/`], { cwd: ROOT }).status === 0;
/** The code of a file, or of all files directly in a folder and below. */
const code = (path: string): string =>
  statSync(path).isFile()
    ? readFileSync(path, 'utf8')
    : readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter(name => /\.tsx?$/.test(name) && !/\.test\./.test(name))
        .map(name => readFileSync(join(path, name), 'utf8'))
        .join('\n');

it.each(['docs/architecture.md', 'CONTRIBUTING.md'])('every file and folder that %s names is there', page => {
  const named = quoted(read(page)).filter(text => /^[\w./-]+\.(tsx?|mjs|json|md|cjs)$|^[a-z]\w*\/[\w/-]+$/i.test(text));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(name => find(name) === undefined && !names.has(name) && !isMade(name))).toEqual([]);
});

it('the slices of the session are folders of their own, each with its state', () => {
  const drawn = /slices\["(.*?)<br>/.exec(architecture)![1].split(' · ');
  expect(drawn.length).toBeGreaterThan(5);
  const shapes = drawn.filter(slice => existsSync(join(SESSION, slice, 'state.ts')));
  expect([...shapes, 'planning'].sort()).toEqual([...drawn].sort());
});

it('a score threshold goes through six files at most, each of which does what its line says', () => {
  const walk = rows('Walk 1');
  expect(walk.length).toBeGreaterThan(3);
  expect(walk.length).toBeLessThanOrEqual(6);
  const files = walk.map(([file]) => find(quoted(file)[0])!);
  walk.forEach(([, says], n) => {
    for (const name of quoted(says)) expect(code(files[n])).toContain(name);
  });
  // From the dispatcher to the port each file calls the next; slider and viewer stand behind interfaces.
  const inSession = files.slice(1, -1);
  inSession.slice(0, -1).forEach((file, n) => {
    const next = basename(inSession[n + 1]).replace('.ts', '');
    expect(code(file)).toMatch(new RegExp(`from '[./\\w]*/${next}'`));
  });
});

it('a candidate crosses each room once, and the functions named are in their rooms', () => {
  const rooms = rows('Walk 2').map(([room]) => quoted(room));
  expect(new Set(rooms.flat()).size).toBe(rooms.flat().length);
  for (const [room, says] of rows('Walk 2')) {
    const text = quoted(room).map(name => code(find(name)!));
    for (const name of quoted(says).filter(one => /^[a-z]+[A-Z]\w+$/.test(one))) {
      expect(text.join('\n')).toMatch(new RegExp(`\\b${name}\\b`));
    }
  }
});

it('a clone is under 30 MB of tracked files', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  const bytes = tracked.map(file => statSync(join(ROOT, file), { throwIfNoEntry: false })?.size ?? 0);
  expect(tracked.length).toBeGreaterThan(1000);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000_000);
});
