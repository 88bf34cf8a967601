/** Whether the other end of a connection is this very machine: 127.0.0.0/8, ::1, and the former written as IPv6. */
export function isLoopback(address: string | null | undefined): boolean {
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/i.test(address ?? '');
}
