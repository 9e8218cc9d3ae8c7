/** The public HTTP API. Throws `Refusal` for an answer that is an error, and what `fetch` throws for no answer at all. */

import { lifeline, pause } from "./stream.ts";

export interface Session {
  sessionId: string;
  token: string;
}

interface ErrorBody {
  error?: string;
  /** A sentence for a person. */
  message?: string;
  alternatives?: unknown;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly retryAfterSeconds: number,
    readonly body: ErrorBody,
  ) {
    super(body.error);
  }
}

export interface Client {
  session: Session | null;
  /** `lastEventId` and `signal` are for streams. */
  get(path: string, signal: AbortSignal, lastEventId?: string | number): Promise<Response>;
  /** Adds the session's id to the body once there is a session. */
  post(path: string, body: object, signal: AbortSignal): Promise<Response>;
}

/** `base` is the origin (and path prefix, if any) below which `/v1/public` is served. */
export function createClient(base: string, tenantKey: string): Client {
  async function call(
    path: string,
    signal: AbortSignal,
    more: Record<string, string>,
    body?: object,
  ): Promise<Response> {
    const { session } = client;
    const headers: Record<string, string> = { "X-Tenant-Key": tenantKey, ...more };
    if (session) headers["X-Session-Token"] = session.token;
    const init: RequestInit = { headers, signal, credentials: "omit" };
    if (body) {
      init.method = "POST";
      init.body = JSON.stringify(session ? { sessionId: session.sessionId, ...body } : body);
    }
    const response = await fetch(`${base}/v1/public/chat/${path}`, init);
    if (response.ok) return response;
    const told: unknown = await response.json().catch(() => null);
    throw new Refusal(response.status, Number(response.headers.get("Retry-After")) || 0, told ?? {});
  }

  const client: Client = {
    session: null,
    get: (path, signal, lastEventId) =>
      call(path, signal, lastEventId === undefined ? {} : { "Last-Event-ID": String(lastEventId) }),
    post: (path, body, signal) => call(path, signal, { "Content-Type": "application/json" }, body),
  };
  return client;
}

/** The session does not exist (any more), or the token is not its own. */
export function sessionGone(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 401 || error.status === 404);
}

/** No answer, or one that says that the server is in trouble: the same request may still succeed. */
export function passing(error: unknown): boolean {
  return !(error instanceof Refusal) || error.status >= 500;
}

export function sentenceOf(error: unknown, otherwise: string): string {
  return (error instanceof Refusal && error.body.message) || otherwise;
}

export function backoffMs(error: unknown, attempt: number): number {
  const asked = error instanceof Refusal ? error.retryAfterSeconds * 1000 : 0;
  return asked || Math.min(30_000, 400 * 2 ** attempt) * (0.75 + Math.random() / 2);
}

/** Asks up to `attempts` times for a JSON answer, or none (204); what will not pass is thrown at once. */
export async function persist<T>(
  ask: (signal: AbortSignal) => Promise<Response>,
  attempts: number,
  stop: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const line = lifeline(stop);
    try {
      const response = await ask(line.signal);
      return (response.status === 204 ? null : await response.json()) as T;
    } catch (error) {
      if (stop.aborted || attempt >= attempts || !passing(error)) throw error;
      await pause(backoffMs(error, attempt), stop);
    } finally {
      line.end();
    }
  }
}
