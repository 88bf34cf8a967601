import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only config.ts reads the environment; take what you need from Config.',
};
const CLOCK = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Rules ask the injected clock.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Rules ask the injected clock.' },
];

export default tseslint.config(
  { ignores: ['dist/', '.dist-*/', 'data/', 'coverage/', 'node_modules/', '**/fixtures/'] },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, ...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'smart'],
      'no-control-regex': 'off',
      'no-restricted-syntax': ['error', ENVIRONMENT],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', prefer: 'type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/modules/*/*.ts', 'src/modules/*/!(adapters)/*.ts'],
    ignores: ['src/modules/*/module.ts', 'src/modules/*/operations.ts', '**/{wiring,*.wiring}.ts'],
    rules: { 'no-restricted-syntax': ['error', ENVIRONMENT, ...CLOCK] },
  },
  {
    files: [
      'src/config.ts',
      'src/main.ts',
      'src/bin/**/*.ts',
      'bench/**/*.ts',
      'test/support/**/*.ts',
      'test/snapshot/**/*.ts',
      'test/architecture/ratchets.test.ts',
      'test/bin/fake-*.ts',
      'knexfile.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // node:test returns promises that the runner itself waits for.
    files: ['test/**/*.ts'],
    rules: {
      'no-loss-of-precision': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {
              from: 'package',
              package: 'node:test',
              name: ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'],
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'public/**/*.js'],
    extends: [js.configs.recommended],
    rules: { 'no-undef': 'off', 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
);
