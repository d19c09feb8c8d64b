import { HostPage } from '../host/host-page.tsx';

export const Page = HostPage;
