// One end of a line between two processes of this program. Messages are plain data, arrive whole and in the order in
// which they were sent; what is sent when the other end is gone is lost.

export interface Channel {
  send(message: object): void;
  /** Calls `hear` for every message from now on. Several may listen; each takes what it knows. */
  listen(hear: (message: unknown) => void): void;
  /** Calls `run` once the other end is gone, also where it is gone already. */
  onEnd(run: () => void): void;
}
