import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { listFiles, syncFiles } from './copyTree';
import { patchIndexHtml } from './indexHtml';
import { modelFiles } from './models';
import { readPlugin } from './plugins';
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

  it('loads the shared modules before the configuration and no service worker', () => {
    const scripts = [...patchIndexHtml(page).matchAll(/src="([^"]+)"/g)].map(match => match[1]);
    expect(scripts).toEqual([
      '/plugins/host-modules.js',
      '/plugins/host-globals.js',
      '/viewer-plugins.js',
      '/viewer-settings.js',
      '/worklist-preview.js',
      '/app-config.js',
    ]);
  });

  it('lets the host find a loaded plugin by its bare name', async () => {
    const [, script] = /<script>(window\.runtimePlugins[^<]*)<\/script>/.exec(patchIndexHtml(page)) ?? [];
    const scope: { runtimePlugins?: Record<string, unknown> } = {};
    const lookUp = new Function('window', `${script}; return browserImportFunction;`)(scope) as (
      name: string
    ) => Promise<{ default: unknown }>;
    const plugin = { id: 'p' };
    scope.runtimePlugins!['@x/p'] = plugin;
    expect((await lookUp('@x/p')).default).toBe(plugin);
  });

  it('fails when a place it edits is missing or doubled', () => {
    expect(() => patchIndexHtml(page.replace('return import(n)', 'return load(n)'))).toThrow(
      /browserImportFunction found 0 times/
    );
    expect(() => patchIndexHtml(page + page)).toThrow(/found 2 times/);
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
    write('my-plugin/package.json', '{"name":"@x/my-plugin"}');
    write('my-plugin/dist/index.umd.js', 'abc');
    write('my-plugin/dist/style.css', '');
    const { descriptor, files } = readPlugin(join(folder, 'my-plugin'));
    expect(descriptor).toEqual({
      packageName: '@x/my-plugin',
      importPath: '/plugins/my-plugin/index.umd.js',
      globalName: '@x/my-plugin',
      coreVersionRange: '>=3.13.2 <4',
      // printf abc | openssl dgst -sha384 -binary | base64
      integrity: 'sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn',
      styles: ['/plugins/my-plugin/style.css'],
    });
    expect([...files.keys()].sort()).toEqual(['plugins/my-plugin/index.umd.js', 'plugins/my-plugin/style.css']);
  });

  it('says how to build a bundle that is missing', () => {
    write('my-plugin/package.json', '{"name":"@x/my-plugin"}');
    expect(() => readPlugin(join(folder, 'my-plugin'))).toThrow(/npm run build/);
  });
});

describe('modelFiles', () => {
  it('takes the listed folders without their checkpoints', () => {
    write('index.json', '{"models":[{"id":"tiny","path":"tiny/manifest.json"}],"default":"tiny"}');
    for (const file of ['tiny/manifest.json', 'tiny/encoder.onnx', 'tiny/weights.ckpt', 'other/manifest.json'])
      write(file, '{}');
    const files = modelFiles(folder, 'models');
    expect([...files.keys()].sort()).toEqual([
      'models/index.json',
      'models/tiny/encoder.onnx',
      'models/tiny/manifest.json',
    ]);
    expect([...files.values()].every(existsSync)).toBe(true);
  });

  it('names an entry without a manifest', () => {
    write('index.json', '{"models":[{"id":"gone","path":"gone/manifest.json"}],"default":"gone"}');
    expect(() => modelFiles(folder, 'models')).toThrow(/lists "gone"/);
  });
});
