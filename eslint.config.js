import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const core = [
  'shared',
  'model',
  'nova',
  'constraints',
  'replay',
  'objective',
  'solve',
  'schedule',
  'plan',
  'planning',
  'report',
].map((folder) => `src/${folder}/**/*.ts`);

export default defineConfig(
  { ignores: ['dist', 'coverage', 'node_modules', '**/*.cjs', '.lab'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNumber: false, allowString: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-import-type-side-effects': 'error', // else a type import loads the module
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }],
      complexity: ['warn', 10],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  {
    // The core takes values and returns values: no clock, chance, console, network or machine setting.
    files: core,
    ignores: ['src/solve/backends/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'fetch',
        'crypto',
        'performance',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'Buffer',
        'Intl',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'take a seeded Rng' },
        { object: 'Date', property: 'now', message: 'take the time as a value' },
        { property: 'localeCompare', message: "it follows the machine's locale: compare with < and >" },
        { property: 'toLocaleString', message: "it follows the machine's locale: format by hand" },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'take the time as a value',
        },
        { selector: "CallExpression[callee.name='Date']", message: 'take the time as a value' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/model/ids.ts', 'src/solve/backends/**'],
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }] }, // `as const` stays legal
  },
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.config.*', '**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-restricted-exports': 'off' },
  },
);
