import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Only the kit knows the component library, and only ask.ts knows the window that the UI runs in. */
const library = { regex: '^bits-ui', message: 'Only src/kit imports the component library; use what the kit offers.' };
const tauri = { regex: '^@tauri-apps/', message: 'Only src/lib/ask.ts knows Tauri.' };

/** Imports run one way: screens -> parts -> kit -> lib. */
const above = (/** @type {string[]} */ ...shelves) => ({
  regex: `(^|/)(${shelves.join('|')})/`,
  message: 'Imports run one way: screens -> parts -> kit -> lib.',
});

/**
 * @param {string[]} files
 * @param {{ regex: string, message: string }[]} patterns
 * @returns {import('eslint').Linter.Config}
 */
const shelf = (files, ...patterns) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': [
      'error',
      ...patterns.map(({ regex, message }) => ({
        selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\/')}/]`,
        message,
      })),
    ],
  },
});

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'src/lib/gen/'] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      // TypeScript finds undefined names, and knows the browser's.
      'no-undef': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // The wire types are `type`s, and so is what stands beside them.
      '@typescript-eslint/consistent-type-definitions': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // What customers wrote is never markup.
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-target-blank': 'error',
      // The router is our own: addresses are hashes.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  shelf(['src/*.{ts,svelte}', 'src/screens/**'], library, tauri),
  shelf(['src/parts/**'], library, tauri, above('screens')),
  shelf(['src/kit/**'], tauri, above('screens', 'parts')),
  shelf(['src/lib/**'], library, tauri, above('screens', 'parts', 'kit')),
  shelf(['src/lib/ask.ts'], library, above('screens', 'parts', 'kit')),
);
