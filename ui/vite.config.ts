import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';

/**
 * The first screen and its font are fetched along with the page and not when they are missed: text that is drawn before
 * its font is there costs the system's whole search for another one, for every size and weight.
 */
const firstAtOnce: Plugin = {
  name: 'first-at-once',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { path, bundle = {} }) {
      if (path !== '/index.html') return [];
      const links = Object.keys(bundle).flatMap((file): Record<string, string | boolean>[] => {
        const link = { crossorigin: true, href: `./${file}` };
        if (/\/first-[^/]*\.js$/.test(file)) return [{ rel: 'modulepreload', ...link }];
        if (/\/first-[^/]*\.css$/.test(file)) return [{ rel: 'stylesheet', ...link }];
        if (/-latin-wght-normal-[^/]*\.woff2$/.test(file))
          return [{ rel: 'preload', as: 'font', type: 'font/woff2', ...link }];
        return [];
      });
      return links.map((attrs): HtmlTagDescriptor => ({ tag: 'link', attrs, injectTo: 'head' }));
    },
  },
};

/**
 * Lucide's icons are put together element by element when they are drawn, from a list, and a screen has forty of them.
 * Here each becomes the markup that it comes to, with the two things one may set.
 */
const iconsAsMarkup: Plugin = {
  name: 'icons-as-markup',
  enforce: 'pre',
  transform: {
    filter: { id: /@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/ },
    handler(code, id) {
      const data = /const iconData = (\{.*\});\n/.exec(code)?.[1];
      if (!data) return this.error(`${id} does not look as expected`);
      const { name, node } = JSON.parse(data) as { name: string; node: [string, Record<string, string>][] };
      const elements = node.map(([tag, attributes]) => {
        const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
        return `<${tag}${written.join('')} />`;
      });
      return `<script>const { size = 24, strokeWidth = 2 } = $props();</script>
<svg class="lucide lucide-${name}" width={size} height={size} stroke-width={strokeWidth} viewBox="0 0 24 24" fill="none"
  stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${elements.join('')}</svg>`;
    },
  },
};

export default defineConfig({
  plugins: [iconsAsMarkup, svelte(), firstAtOnce],
  // Relative addresses, so that the same build is served by the window's own protocol and by a development server.
  base: './',
  clearScreen: false,
  build: {
    target: ['chrome111', 'safari16.4'],
    modulePreload: { polyfill: false },
    // The second page is the small window's. The third is empty: the start of the first is measured against it.
    rolldownOptions: {
      input: ['index.html', 'quick-add.html', 'empty.html'],
      output: {
        // The first screen comes as two files and not as thirty: what both pages need, and all that only it needs.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /rolldown|node_modules\/(svelte|esm-env|clsx|@tauri-apps)\/|src\/(lib\/ask|kit\/Button|style)/,
              priority: 2,
            },
            { name: 'first', test: /src\/start\.ts/, priority: 1 },
          ],
        },
      },
    },
    // The content security policy allows fonts and styles from files only.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 200,
  },
});
