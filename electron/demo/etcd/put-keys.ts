import { Client, credentials } from '@grpc/grpc-js';
import { etcdServices, type PutRequest } from './messages.ts';

const patienceMs = 10_000;

/** Puts keys one after the other, as any client would. Rejects when etcd does not take them. */
export async function putKeys(endpoint: string, pairs: readonly (readonly [string, string])[]): Promise<void> {
  const client = new Client(endpoint.replace(/^https?:\/\//, ''), credentials.createInsecure());
  const { Put } = etcdServices().KV;
  if (!Put) throw new Error("etcd's proto file has no Put");
  const put = (key: string, value: string) =>
    new Promise<void>((resolve, reject) => {
      const request: Partial<PutRequest> = { key: Buffer.from(key), value: Buffer.from(value) };
      const { path, requestSerialize, responseDeserialize } = Put;
      const deadline = Date.now() + patienceMs;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, { deadline }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  try {
    for (const [key, value] of pairs) await put(key, value);
  } finally {
    client.close();
  }
}
