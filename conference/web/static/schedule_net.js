// Asks and sends. Whatever happens is an answer: a page that throws has lost an edit.
const PATIENCE_MS = 15000;

export class Net {
  constructor(base, token) {
    Object.assign(this, { base, token });
  }

  get(path, etag) {
    return this.#ask(path, { headers: etag ? { "If-None-Match": etag } : {} });
  }

  post(path, body, more = {}) {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": this.token };
    return this.#ask(path, { method: "POST", headers, body: JSON.stringify(body), ...more });
  }

  // Answers {status, told, etag, wait}: status 0 where nothing came back, 403 where another page did, such as sign-in.
  async #ask(path, options) {
    const headers = { Accept: "application/json", ...options.headers };
    const signal = options.keepalive ? undefined : AbortSignal.timeout(PATIENCE_MS);
    try {
      const answer = await fetch(`${this.base}/${path}`, { cache: "no-store", credentials: "same-origin", signal, ...options, headers });
      const kind = answer.headers.get("Content-Type") ?? "";
      const isJson = kind.includes("json");
      if (answer.ok && answer.status !== 204 && !isJson) return { status: 403, told: {} };
      return {
        status: answer.status,
        told: isJson && answer.status !== 304 ? await answer.json() : {},
        etag: answer.headers.get("ETag"),
        wait: Number(answer.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0, told: {} };
    }
  }
}
