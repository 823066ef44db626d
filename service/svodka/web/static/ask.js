// Asking this page's own server, and telling of what went wrong.

import { el } from "./dom.js";
import { hasWord, number, t } from "./words.js";

// An answer that is none: `fault` has code, message, violations, reasons and retry_after.
export class Refused extends Error {
  constructor(fault) {
    super(fault.message);
    this.fault = { violations: [], reasons: [], retry_after: null, ...fault };
  }
}

const send = async (path, body, signal) => {
  try {
    return await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ code: "PAGE", message: error.message });
  }
};

const settled = ({ answer, error }) => {
  if (error) throw new Refused(error);
  return answer;
};

export const ask = async (path, body, signal) => settled(await (await send(path, body, signal)).json());

// A text that comes back, or the refusal that comes in its place.
export const askText = async (path, body) => {
  const response = await send(path, body);
  if (!response.ok) settled(await response.json());
  return response.text();
};

// Lines of JSON: `hear` is given each progress, the answer is what is returned.
export const follow = async (path, body, hear, signal) => {
  const response = await send(path, body, signal);
  if (!response.ok) return settled(await response.json());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Refused({ code: "PAGE", message: "the answer broke off" });
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const event of lines.map((line) => JSON.parse(line))) {
      if (!event.progress) return settled(event);
      hear(event.progress);
    }
  }
};

// The name of a field of the contract as the page shows it: "translators[1].given" is the second translation.
const fieldName = (field) => {
  const [, base, at] = /^(\w+)(?:\[(\d+)\])?/u.exec(field) ?? [];
  const key = `field_${base}`;
  return (base && hasWord(key) ? t(key) : field) + (at === undefined ? "" : ` ${Number(at) + 1}`);
};

// A fault in plain words; what the server said itself is English.
export const faultBox = ({ code, message, violations, reasons, retry_after: seconds, told }) => {
  const title = hasWord(`fault_${code}`) ? t(`fault_${code}`) : t("fault_OTHER");
  const items = [
    ...violations.map(({ field, description }) => el("li", {}, el("strong", {}, fieldName(field)), ": ", el("span", { lang: "en" }, description))),
    ...reasons.map((reason) => el("li", { lang: "en" }, reason)),
  ];
  return el("div", { class: "card fault" },
    el("p", { class: "fault-title" }, el("span", { "aria-hidden": "true", class: "sign" }, "!"), title),
    told && el("p", {}, told),
    items.length ? el("ul", {}, items) : !told && message && el("p", { lang: "en" }, message),
    seconds && el("p", {}, t("retry_after", { seconds: number(Math.ceil(seconds), 0) })));
};
