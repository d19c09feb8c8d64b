import { windowHeaders } from '../../launch/window-headers.ts';

export const headers = windowHeaders;
