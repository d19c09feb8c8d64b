import { Etcd3 } from 'etcd3';

export const etcd = new Etcd3();
