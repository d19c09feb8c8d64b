import { HostPage } from '../features/host/host-page.tsx';

export const Page = HostPage;
