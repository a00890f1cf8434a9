import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // Relative addresses, so that the same build is served by the window's own protocol and by a development server.
  base: './',
  clearScreen: false,
  build: {
    target: ['chrome111', 'safari16.4'],
    // The second page is empty: the start of the first is measured against it.
    rolldownOptions: { input: ['index.html', 'empty.html'] },
    // The content security policy allows fonts and styles from files only.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 200,
  },
});
