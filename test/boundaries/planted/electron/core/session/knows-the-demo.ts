export { startDemo } from '#demo/index.ts';
