import type { FastifyRequest } from 'fastify';

/** The client's address: an IP address, or `unix` for the socket in the home. */
export function addressOf({ ip }: FastifyRequest): string {
  // Fastify does not know of connections without an address.
  return (ip as string | undefined) ?? 'unix';
}
