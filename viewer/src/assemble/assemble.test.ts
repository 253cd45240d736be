import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { listFiles, syncFiles } from './copyTree';
import { patchIndexHtml } from './indexHtml';
import { modelFiles } from './models';
import { readPlugin } from './plugins';
import { parseBase, rebased } from './rebase';
import { writeSiteFile } from './siteFile';
import { ohifImports } from './wantedExports';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assemble-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('patchIndexHtml', () => {
  const page =
    '<head><script rel="preload" as="script" src="/app-config.js"></script>' +
    '<script rel="preload" as="script" type="module" src="/init-service-worker.js"></script>' +
    '<script>function browserImportFunction(n){return import(n)}</script></head>';

  it('loads scripts before the configuration and no service worker', () => {
    const scripts = [...patchIndexHtml(page, ['a.js', 'b.js']).matchAll(/src="([^"]+)"/g)].map(match => match[1]);
    expect(scripts).toEqual(['/a.js', '/b.js', '/app-config.js']);
  });

  it('fails when a place it edits is missing or doubled', () => {
    expect(() => patchIndexHtml(page.replace('init-service-worker', 'worker'), [])).toThrow(
      /service worker script found 0/
    );
    expect(() => patchIndexHtml(page + page, [])).toThrow(/found 2 times/);
  });
});

describe('rebased', () => {
  it('writes the path of the viewer wherever the build wrote the root', () => {
    const html = '<script>window.PUBLIC_URL="/"</script><link href="/assets/a.ico"><a href="//other/x"></a>';
    expect(rebased('index.html', html, '/viewer/')).toBe(
      '<script>window.PUBLIC_URL="/viewer/"</script><link href="/viewer/assets/a.ico"><a href="//other/x"></a>'
    );
    expect(rebased('app.bundle.0f.js', '__webpack_require__.p = "/";', '/v/')).toBe('__webpack_require__.p = "/v/";');
    expect(rebased('app.css', 'src:url(/a.woff2)', '/v/')).toBe('src:url(/v/a.woff2)');
    expect(rebased('12.bundle.0f.js', 'nothing', '/v/')).toBeUndefined();
  });

  it('names a file that no longer says where the root is', () => {
    expect(() => rebased('index.html', '<html>', '/v/')).toThrow(/index\.html has changed/);
  });

  it.each(['viewer', '/viewer', 'viewer/', '/a b/', 'https://x/'])('refuses %s as a path', path => {
    expect(() => parseBase(path)).toThrow(/starts and ends with a slash/);
  });
});

describe('writeSiteFile', () => {
  const name = 'app-config.js';
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  it('follows new versions until someone edits the file, and then leaves it alone', () => {
    expect(writeSiteFile(folder, name, 'one')).toBeUndefined();
    expect(writeSiteFile(folder, name, 'two')).toBeUndefined();
    expect(read(name)).toBe('two');
    write(name, 'two, edited');
    expect(writeSiteFile(folder, name, 'three')).toMatch(/was edited and stays/);
    expect([read(name), read('app-config.js.new')]).toEqual(['two, edited', 'three']);
  });

  it('keeps a file of which it does not know who wrote it', () => {
    write(name, 'of a site');
    expect(writeSiteFile(folder, name, 'ours')).toMatch(/now app-config\.js\.old/);
    expect([read(name), read('app-config.js.old')]).toEqual(['ours', 'of a site']);
  });
});

describe('ohifImports', () => {
  it('collects values, not types, from one- and many-line imports', () => {
    const source = `
import { Button, type ButtonProps, Icons as Pictures } from '@ohif/ui-next';
import type { AppTypes } from '@ohif/core';
import {
  useSystem,
} from '@ohif/core';
import { useState } from 'react';`;
    expect(ohifImports(source)).toEqual({ '@ohif/ui-next': ['Button', 'Icons'], '@ohif/core': ['useSystem'] });
  });
});

describe('syncFiles', () => {
  it('copies what changed, deletes what is gone, keeps what was generated', () => {
    const files = new Map([
      ['a.js', write('source/a.js', 'a')],
      ['deep/b.js', write('source/b.js', 'b')],
    ]);
    const target = join(folder, 'target');
    write('target/old.js', 'left over');
    write('target/index.html', 'generated');
    const keep = new Set(['index.html']);
    expect(syncFiles(files, target, keep)).toBe(2);
    expect(listFiles(target).sort()).toEqual(['a.js', 'deep/b.js', 'index.html']);
    expect(statSync(join(target, 'a.js')).mtimeMs).toBeCloseTo(statSync(files.get('a.js')!).mtimeMs, -1);

    expect(syncFiles(files, target, keep)).toBe(0);
    write('source/b.js', 'b, longer');
    expect(syncFiles(files, target, keep)).toBe(1);
    expect(readFileSync(join(target, 'deep/b.js'), 'utf8')).toBe('b, longer');
  });
});

describe('readPlugin', () => {
  it('describes a bundle as OHIF 3.14 expects it', () => {
    write('my-plugin/package.json', '{"name":"@x/my-plugin","version":"0.1.0"}');
    write('my-plugin/dist/index.umd.js', 'abc');
    write('my-plugin/dist/style.css', '');
    write('my-plugin/dist/index.umd.js.map', '');
    const { descriptor, files } = readPlugin(join(folder, 'my-plugin'));
    expect(descriptor).toEqual({
      packageName: '@x/my-plugin',
      importPath: 'my-plugin/0.1.0/index.umd.js',
      globalName: '@x/my-plugin',
      coreVersionRange: '>=3.13.2 <4',
      // printf abc | openssl dgst -sha384 -binary | base64
      integrity: 'sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn',
      styles: ['my-plugin/0.1.0/style.css'],
    });
    expect([...files.keys()].sort()).toEqual(['my-plugin/0.1.0/index.umd.js', 'my-plugin/0.1.0/style.css']);
  });

  it('says how to build a bundle that is missing', () => {
    write('my-plugin/package.json', '{"name":"@x/my-plugin","version":"0.1.0"}');
    expect(() => readPlugin(join(folder, 'my-plugin'))).toThrow(/npm run build/);
  });
});

describe('modelFiles', () => {
  it('takes the listed folders without checkpoints and compressed networks', () => {
    write('index.json', '{"models":[{"id":"tiny","path":"tiny/manifest.json"}],"default":"tiny"}');
    for (const file of ['tiny/manifest.json', 'tiny/encoder.onnx', 'tiny/weights.ckpt', 'other/manifest.json'])
      write(file, '{}');
    for (const file of ['tiny/encoder.onnx.planes.gz', 'tiny/weights.ckpt.planes.gz']) write(file, '');
    const { files, generated } = modelFiles(folder, 'models');
    expect([...files.keys()].sort()).toEqual(['models/tiny/encoder.onnx', 'models/tiny/manifest.json']);
    expect([...files.values()].every(existsSync)).toBe(true);
    expect([...generated.keys()]).toEqual(['models/index.json']);
  });

  it('leaves models out, but not the one that opens first', () => {
    write(
      'index.json',
      '{"models":[{"id":"tiny","path":"tiny/manifest.json"},{"id":"big","path":"big/manifest.json"}],"default":"big"}'
    );
    for (const file of ['tiny/manifest.json', 'big/manifest.json']) write(file, '{}');
    const { files, generated } = modelFiles(folder, 'models', ['tiny']);
    expect([...files.keys()]).toEqual(['models/big/manifest.json']);
    expect(generated.get('models/index.json')).not.toContain('tiny');
    expect(() => modelFiles(folder, 'models', ['big'])).toThrow(/"big" as the default/);
  });

  it('names a network that is there in its compressed form only', () => {
    write('index.json', '{"models":[{"id":"tiny","path":"tiny/manifest.json"}],"default":"tiny"}');
    for (const file of ['tiny/manifest.json', 'tiny/encoder.onnx.planes.gz']) write(file, '{}');
    expect(() => modelFiles(folder, 'models')).toThrow(/encoder\.onnx is missing: run "npm run models:restore"/);
  });

  it('names an entry without a manifest', () => {
    write('index.json', '{"models":[{"id":"gone","path":"gone/manifest.json"}],"default":"gone"}');
    expect(() => modelFiles(folder, 'models')).toThrow(/lists "gone"/);
  });
});
