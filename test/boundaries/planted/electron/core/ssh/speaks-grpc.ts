import { credentials } from '@grpc/grpc-js';

export const none = credentials.createInsecure();
