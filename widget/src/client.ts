/** The public HTTP API. Rejects with a `Trouble`: an answer that is an error, or no answer at all. */

import { lifeline, pause } from "./stream.ts";

export interface Session {
  sessionId: string;
  token: string;
}

/** Without a status there was no answer. */
export interface Trouble {
  status?: number;
  retryAfterSeconds?: number;
  /** `message` is a sentence for a person. */
  body?: { error?: string; message?: string; alternatives?: unknown };
}

export interface Client {
  session: Session | null;
  /** GETs, a stream after `lastEventId`; or POSTs a body, to which the session's id is added once there is a session. */
  call(path: string, signal: AbortSignal, body?: object, lastEventId?: string | number): Promise<Response>;
}

/** `base` is the origin (and path prefix, if any) below which `/v1/public` is served. */
export function createClient(base: string, tenantKey: string): Client {
  const client: Client = {
    session: null,
    async call(path, signal, body, lastEventId) {
      const { session } = client;
      const headers: Record<string, string> = { "X-Tenant-Key": tenantKey };
      const init: RequestInit = { headers, signal, credentials: "omit" };
      if (session) headers["X-Session-Token"] = session.token;
      if (lastEventId !== undefined) headers["Last-Event-ID"] = `${lastEventId}`;
      if (body) {
        headers["Content-Type"] = "application/json";
        init.method = "POST";
        init.body = JSON.stringify({ ...body, sessionId: session?.sessionId });
      }
      const response = await fetch(`${base}/v1/public/chat/${path}`, init);
      if (response.ok) return response;
      const trouble: Trouble = {
        status: response.status,
        retryAfterSeconds: Number(response.headers.get("Retry-After")),
        body: await response.json().catch(() => ({})),
      };
      throw trouble;
    },
  };
  return client;
}

/** The session does not exist (any more), or the token is not its own. */
export function sessionGone({ status }: Trouble): boolean {
  return status === 401 || status === 404;
}

/** No answer, or one that says that the server is in trouble: the same request may still succeed. */
export function passing({ status = 500 }: Trouble): boolean {
  return status >= 500;
}

export function sentenceOf({ body }: Trouble, otherwise: string): string {
  return body?.message || otherwise;
}

export function backoffMs(trouble: Trouble | undefined, attempt: number): number {
  const asked = (trouble?.retryAfterSeconds ?? 0) * 1000;
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
      if (stop.aborted || attempt >= attempts || !passing(error as Trouble)) throw error;
      await pause(backoffMs(error as Trouble, attempt), stop);
    } finally {
      line.end();
    }
  }
}
