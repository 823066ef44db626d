// The words of the page in both languages; the page is told in another one without being loaded again.

const data = JSON.parse(document.getElementById("data").textContent);
export const symbols = data.symbols;
const LOCALES = { en: "en-GB", ru: "ru-RU" }; // how numbers and dates are written
const listeners = [];
let language = document.documentElement.lang;

export const hasWord = (key) => key in data.words[language];

// A text by its key, with {names} filled in. A key that the page does not know stands for itself: kinds and rungs may be added.
export const t = (key, values = {}) =>
  (data.words[language][key] ?? key).replace(/\{(\w+)\}/gu, (whole, name) => (name in values ? String(values[name]) : whole));

// What is shown by script is shown anew when the language changes.
export const onLanguage = (listener) => listeners.push(listener);

export const setLanguage = (wanted) => {
  language = wanted;
  document.documentElement.lang = wanted;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
  for (const node of document.querySelectorAll("[data-language]")) node.setAttribute("aria-pressed", String(node.dataset.language === wanted));
  const address = new URL(location.href);
  address.searchParams.set("lang", wanted);
  history.replaceState(null, "", address);
  for (const listener of listeners) listener();
};

export const number = (value, digits) =>
  new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

// A figure's exact value as a person reads it; what is no plain number, date or duration stays as it is.
export const valueText = ({ kind, value, unit, qualifier }) =>
  [qualifier && t(`qualifier_${qualifier}`), ...(kind === "duration" ? lasting(value, unit) : kind === "date" ? [day(value)] : kind === "percent" ? [`${plainly(value)}%`] : [plainly(value), unit])]
    .filter(Boolean).join(" ");

// "Mon 2023-08-14", "2023-08-14" and "--12-31" (31 December of any year).
const day = (value) => {
  const [, weekday, year, date] = /^(?:([A-Z][a-z]{2}) )?(\d{4}|-)-(\d\d-\d\d)$/u.exec(value) ?? [];
  if (!date) return value;
  const given = new Date(`${year === "-" ? "2000" : year}-${date}T00:00:00Z`);
  const shown = { day: "numeric", month: "long", ...(year === "-" ? {} : { year: "numeric" }), ...(weekday && year !== "-" ? { weekday: "long" } : {}) };
  // A weekday that is not that day's stays as it was read.
  const right = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(given) === weekday;
  return weekday && (!right || year === "-") ? value : new Intl.DateTimeFormat(LOCALES[language], { ...shown, timeZone: "UTC" }).format(given);
};

const LASTING = new Set(["year", "month", "week", "day", "hour", "minute", "second"]);
const lasting = (value, unit) =>
  LASTING.has(unit) && /^\d+(\.\d+)?$/u.test(value)
    ? [new Intl.NumberFormat(LOCALES[language], { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 9 }).format(Number(value))] : [plainly(value), unit];

// In full, digit by digit: such numbers may be longer than JavaScript's own are exact.
const plainly = (value) => {
  const [, whole, rest = ""] = /^(-?\d+)(\.\d+)?$/u.exec(value) ?? [];
  if (!whole) return value;
  const grouped = whole.replace("-", "").length > 4 ? new Intl.NumberFormat(LOCALES[language]).format(BigInt(whole)) : whole;
  return grouped + (language === "ru" ? rest.replace(".", ",") : rest);
};
