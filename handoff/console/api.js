// The desk's HTTP API as functions. Errors come out as ApiError with the desk's own code;
// a request that never arrived has the code "offline".

export class ApiError extends Error {
  constructor(status, { code, text = "", ...facts }) {
    super(text || code);
    Object.assign(this, { status, code, text, facts });
  }

  /** True where the same request may succeed later as it is. */
  get passing() { return this.status === 0 || this.status === 429 || this.status >= 500; }
}

/** language(): sent with each request, so that the desk's texts come in the agent's own. */
export function createApi({ base, language, fetch = globalThis.fetch.bind(globalThis), onTime = () => {} }) {
  let csrf = "";

  async function call(method, path, body) {
    const response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      headers: headers(method, body),
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => { throw new ApiError(0, { code: "offline" }); });
    onTime(response.headers.get("Date"));
    const answer = response.status === 204 ? null : await response.json().catch(() => null);
    if (!response.ok) throw new ApiError(response.status, answer?.error ?? { code: "unexpected" });
    return answer;
  }

  function headers(method, body) {
    const sent = { Accept: "application/json", "Accept-Language": language() };
    if (body !== undefined) sent["Content-Type"] = "application/json";
    if (method !== "GET") sent["X-CSRF-Token"] = csrf;
    return sent;
  }

  // Only this old way tells how far it is.
  function upload(path, file, onProgress) {
    const request = new XMLHttpRequest();
    const answer = new Promise((resolve, reject) => {
      request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
      request.onerror = request.onabort = () => reject(new ApiError(0, { code: "offline" }));
      request.onload = () => {
        const found = parsed(request.responseText);
        if (request.status === 200 && found) resolve(found);
        else reject(new ApiError(request.status, found?.error ?? { code: "unexpected" }));
      };
    });
    request.open("POST", base + path);
    const sent = { ...headers("POST"), "Content-Type": file.type || "application/octet-stream" };
    for (const [name, value] of Object.entries(sent)) request.setRequestHeader(name, value);
    request.send(file);
    return { answer, abort: () => request.abort() };
  }

  async function session(answer) {
    const opened = await answer;
    csrf = opened.csrf;
    return opened;
  }

  const get = (path, query = {}) => call("GET", path + encode(query));
  const at = (id) => `conversations/${encodeURIComponent(id)}`;
  return {
    signIn: (name, password) => session(call("POST", "session", { name, password })),
    signOut: () => call("DELETE", "session"),
    me: () => session(call("GET", "me")),
    changePassword: (old, fresh) => call("PUT", "me/password", { old, new: fresh }),
    setStatus: (status) => call("PUT", "me/status", { status }),
    agents: () => get("agents"),
    desk: () => get("desk"),
    conversations: (query) => get("conversations", query),
    conversation: (id) => get(at(id)),
    messages: (id, after, limit) => get(`${at(id)}/messages`, { after, limit }),
    suggestions: (id, q) => get(`${at(id)}/suggestions`, { q }),
    claim: (id) => call("POST", `${at(id)}/claim`, {}),
    reply: (id, client, text, files = []) => call("POST", `${at(id)}/messages`, { id: client, text, files }),
    upload: (id, file, onProgress) => upload(`${at(id)}/files${encode({ name: file.name })}`, file, onProgress),
    note: (id, client, text) => call("POST", `${at(id)}/notes`, { id: client, text }),
    transfer: (id, to) => call("POST", `${at(id)}/transfer`, to),
    giveBack: (id) => call("POST", `${at(id)}/return`, {}),
    close: (id, record) => call("POST", `${at(id)}/close`, record),
    typing: (id) => call("POST", `${at(id)}/typing`, {}),
    resend: (id, reply) => call("POST", `${at(id)}/deliveries/${encodeURIComponent(reply)}/resend`, {}),
    read: (id, seq) => call("PUT", `${at(id)}/read`, { seq }),
  };
}

function encode(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
