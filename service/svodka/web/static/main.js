// Brings the page up: its two parts, its language, the server's state, and the ways to give it a text.

import { Refused, ask, faultBox } from "./ask.js";
import { byId, el } from "./dom.js";
import * as compare from "./compare.js";
import * as summary from "./summary.js";
import { number, onLanguage, setLanguage, t } from "./words.js";

const MOST_BYTES = 2_000_000; // of a text file
const INFO_EVERY_MS = 30_000;

const parts = { summary: summary.start(), compare: compare.start() };
const tabs = ["summary", "compare"].map((name) => byId(`tab-${name}`));
let info = null;

const open = (name, focus) => {
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !chosen;
    if (chosen && focus) tab.focus();
    if (!chosen) parts[tab.getAttribute("aria-controls")].hide();
  }
};
for (const [at, tab] of tabs.entries()) {
  tab.addEventListener("click", () => open(tab.getAttribute("aria-controls")));
  tab.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") open(tabs[(at + 1) % tabs.length].getAttribute("aria-controls"), true);
  });
}
document.addEventListener("compare", (event) => {
  byId("compare-text").value = event.detail;
  byId("only-summary").checked = true;
  byId("only-summary").dispatchEvent(new Event("change"));
  open("compare", true);
});

for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => setLanguage(button.dataset.language));

// The server's state, asked anew now and then.
const showInfo = () => {
  const own = info?.profiles.find((profile) => profile.name === info.defaultProfile);
  const state = !info ? "away" : own?.ready ? "ready" : "waiting";
  byId("server").className = `server ${state}`;
  byId("server").textContent = t(`server_${state}`, { profile: own?.name ?? "" });
};
const renewInfo = async () => {
  try {
    info = await ask("/api/info");
    const select = byId("profile");
    const names = info.profiles.map((profile) => profile.name);
    if ([...select.options].map((option) => option.value).join() !== names.join()) {
      select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
      select.value = info.defaultProfile;
      parts.compare.renew();
    }
    for (const id of ["sentences", "compare-sentences"]) byId(id).max = info.limits.maxSummarySentences;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    info = null;
  }
  showInfo();
};
onLanguage(showInfo);
renewInfo();
setInterval(() => { if (!document.hidden) renewInfo(); }, INFO_EVERY_MS);

// A text comes from the clipboard, a file, an address or an example.
const text = byId("text");
const count = () => {
  const words = text.value.trim() ? text.value.trim().split(/\s+/u).length : 0;
  byId("counted").textContent = words ? t("counted", { words: number(words, 0) }) : "";
};
const take = (value) => {
  text.value = value;
  byId("summary-fault").replaceChildren();
  count();
  text.focus({ preventScroll: true });
  text.setSelectionRange(0, 0);
  text.scrollTop = 0;
};
const complain = (name) =>
  byId("summary-fault").replaceChildren(faultBox({ code: name, message: "", violations: [], reasons: [], told: t(`fault_${name}_told`) }));
const decoded = (bytes) => {
  if (bytes.byteLength > MOST_BYTES) throw new RangeError("too large");
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
};
const takeFile = async (file) => {
  try {
    take(decoded(file.size > MOST_BYTES ? new ArrayBuffer(MOST_BYTES + 1) : await file.arrayBuffer()));
  } catch {
    complain("FILE");
  }
};
text.addEventListener("input", count);
onLanguage(count);
byId("open-file").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", (event) => {
  if (event.target.files[0]) takeFile(event.target.files[0]);
  event.target.value = "";
});
const drop = byId("drop");
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files[0]) takeFile(event.dataTransfer.files[0]);
  });
}
for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", async () => take(await (await fetch(`/static/example.${button.dataset.example}.txt`)).text()));
}
byId("open-address").addEventListener("click", (event) => {
  const form = byId("address-form");
  form.hidden = !form.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) byId("address").focus();
});
// The browser itself asks, without cookies and without saying from where: a page's server that fetched what it is told to could be made to
// look into places that only it can reach.
const fetchAddress = async () => {
  try {
    const response = await fetch(byId("address").value, { mode: "cors", credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok || !response.headers.get("content-type")?.startsWith("text/plain")) throw new TypeError("no text");
    take(decoded(await response.arrayBuffer()));
  } catch {
    complain("ADDRESS");
  }
};
byId("fetch").addEventListener("click", fetchAddress);
byId("address").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    fetchAddress();
  }
});
count();
