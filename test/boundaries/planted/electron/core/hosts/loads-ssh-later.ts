export const load = () => import('ssh2');
