import { splitBundle } from '../assemble/hostBundle';
import { findHostModules } from './hostModules';

const react = (id: number, file: string) => `
${id}(__unused_rspack_module, exports, __webpack_require__) {
"use strict";
/**
 * @license React
 * ${file}
 */
exports.version = '18.3.1';
},`;
const outer = (id: number, production: number) => `
${id}(module, __unused_rspack_exports, __webpack_require__) {
"use strict";
if (true) {
  module.exports = __webpack_require__(${production});
} else // removed by dead control flow
{}
},`;
const source = (id: number, path: string, table: string[]) => `
// EXTERNAL MODULE: ${path} + 12 modules
var x = __webpack_require__(${id});
${id}(__unused_rspack_module, __webpack_exports__, __webpack_require__) {
"use strict";

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
${table.map(line => `  ${line},`).join('\n')}
});
`;

/** A bundle in the layout of the pinned host, small enough to read. */
function bundle({ ui = uiTable, scheduler = '' } = {}): string {
  return [
    'var __webpack_modules__ = {',
    react(11, 'react.production.min.js'),
    outer(12, 11),
    react(21, 'react-dom.production.min.js'),
    outer(22, 21),
    react(31, 'react-jsx-runtime.production.min.js'),
    outer(32, 31),
    source(40, '../../core/src/index.ts', ['Jg: () => (/* reexport */ SystemProvider/* .useSystem */.Jg)']),
    source(50, '../../ui-next/src/index.ts', ui),
    scheduler,
  ].join('\n');
}
const uiTable = [
  'Card: () => (/* reexport */ ToolCard)',
  'ZpM: () => (/* reexport */ Card)',
  '$nd: () => (/* reexport */ Button_Button)',
  'C5: () => (/* reexport */ Slider/* ["default"] */.A)',
];

const find = (text: string, wanted: Record<string, string[]>) => findHostModules(splitBundle(text), wanted);

describe('findHostModules', () => {
  it('finds module ids and the mangled names of what the plugins import', () => {
    const modules = find(bundle(), {
      '@ohif/core': ['useSystem'],
      '@ohif/ui-next': ['Slider', 'Button', 'Card', 'Button'],
    });
    expect(modules).toEqual({
      react: { id: '12' },
      'react-dom': { id: '22' },
      'react/jsx-runtime': { id: '32' },
      '@ohif/core': { id: '40', exports: { useSystem: 'Jg' } },
      '@ohif/ui-next': { id: '50', exports: { Button: '$nd', Card: 'ZpM', Slider: 'C5' } },
    });
  });

  it('names every import the host lacks', () => {
    const wanted = { '@ohif/ui-next': ['Button', 'Checkbox', 'Badge'] };
    expect(() => find(bundle(), wanted)).toThrow(/Badge from @ohif\/ui-next, Checkbox from @ohif\/ui-next/);
  });

  it('refuses a name that could mean two exports', () => {
    const ui = ['a: () => (/* reexport */ List_Row)', 'b: () => (/* reexport */ Table_Row)'];
    expect(() => find(bundle({ ui }), { '@ohif/ui-next': ['Row'] })).toThrow(/Row from @ohif\/ui-next/);
  });

  it('fails on a bundle of another layout, naming what it could not find', () => {
    expect(() => find(bundle().replaceAll('react-dom.production', 'react-dom.profiling'), {})).toThrow(
      /react-dom\.production\.min\.js \(0 matches\)/
    );
    expect(() =>
      find(bundle().replace('// EXPORTS\n__webpack_require__.d(__webpack_exports__, {\n  Card', 'x'), {})
    ).toThrow(/export table of \.\.\/\.\.\/ui-next\/src\/index\.ts/);
    expect(() => find(bundle().replace(/module\.exports = __webpack_require__\(11\)/, ''), {})).toThrow(
      /re-export of react\.production\.min\.js/
    );
    expect(() => find(bundle({ scheduler: source(51, '../../ui-next/src/index.ts', []) }), {})).toThrow(
      /ui-next\/src\/index\.ts \(2 candidates\)/
    );
  });
});
