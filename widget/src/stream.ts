/** Server-sent events over fetch: a parser for the bytes, and what keeps a connection honest. */

export interface ServerEvent {
  id: string;
  data: string;
}

export type Emit = (event: ServerEvent) => void;

// The server sends a comment every 15 s; three missed ones mean that nobody is there any more.
const SILENCE_MS = 45_000;

/** Takes bytes cut anywhere, even inside a character; emits complete events. Lines end as our server ends them. */
export function sseParser(emit: Emit): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const [id = "", data] = ["id", "data"].map((name) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1]);
      if (data) emit({ id, data });
    }
  };
}

export interface Lifeline {
  readonly signal: AbortSignal;
  beat(): void;
  end(): void;
}

/** A signal that is raised together with `stop`, by `end`, and when `beat` was not called for too long. */
export function lifeline(stop: AbortSignal): Lifeline {
  const own = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    own.abort();
  };
  const beat = (): void => {
    clearTimeout(timer);
    timer = setTimeout(end, SILENCE_MS);
  };
  stop.addEventListener("abort", end, { signal: own.signal });
  beat();
  return { signal: own.signal, beat, end };
}

/** Reads one response to its end. Resolves when the server ended it; rejects when it refused, broke or fell silent. */
export async function readStream(
  open: (signal: AbortSignal) => Promise<Response>,
  stop: AbortSignal,
  emit: Emit,
  opened: () => void,
): Promise<void> {
  const line = lifeline(stop);
  try {
    const reader = (await open(line.signal)).body?.getReader();
    opened();
    const push = sseParser(emit);
    for (;;) {
      line.beat();
      const { done, value } = (await reader?.read()) ?? {};
      if (!value || done) return;
      push(value);
    }
  } finally {
    line.end();
  }
}

/** Waits, but no longer than until the browser is online again or `stop` is raised. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (): void => {
      over.abort();
      resolve();
    };
    const once = { signal: over.signal };
    setTimeout(finish, stop.aborted ? 0 : ms);
    addEventListener("online", finish, once);
    stop.addEventListener("abort", finish, once);
  });
}
