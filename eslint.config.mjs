import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

const source = 'extensions/vertebra-metastasis/src';
/** A layer may import only what stands below it: core <- {runtime, dicom, ui} <- ohif <- index <- mode. */
const layer = (name, banned, message) => ({
  files: [`${source}/${name}/**/*.{ts,tsx}`],
  ignores: ['**/*.test.*'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: banned, message }] }] },
});
const outside = ['@ohif/*', '@cornerstonejs/*'];

export default ts.config(
  {
    ignores: [
      '**/dist/**',
      'viewer/build/**',
      'extensions/*/public/**',
      'release/**',
      '**/node_modules/**',
      '**/.cache/**',
      '**/*.cjs',
      '**/coverage/**',
      '**/.venv/**',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  layer(
    'core',
    [
      '**/runtime/**',
      '**/dicom/**',
      '**/ui/**',
      '**/ohif/**',
      '@spine/*',
      'react',
      'react-dom',
      'dcmjs',
      'onnxruntime-*',
      'zod',
      'node:*',
      ...outside,
    ],
    'core is pure: it imports nothing but core.'
  ),
  layer(
    'runtime',
    ['**/dicom/**', '**/ui/**', '**/ohif/**', 'react', 'dcmjs', ...outside],
    'runtime imports core and onnxruntime only.'
  ),
  layer(
    'dicom',
    ['**/runtime/**', '**/ui/**', '**/ohif/**', 'react', 'onnxruntime-*', ...outside],
    'dicom imports core and dcmjs only.'
  ),
  layer(
    'ui',
    ['**/runtime/**', '**/dicom/**', '**/ohif/**', 'dcmjs', 'onnxruntime-*', '@cornerstonejs/*', '@ohif/core'],
    'ui imports core, React and @ohif/ui-next only.'
  ),
  layer('ohif', ['onnxruntime-*', 'dcmjs'], 'ohif composes: onnxruntime belongs in runtime, dcmjs in dicom.')
);
