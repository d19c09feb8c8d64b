import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** One bundle for both shells: relative addresses, no inline script, nothing from elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/window',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
