// Numbers as people read them. What is not known is a dash.

const DASH = '–';
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const GROUPED = new Intl.NumberFormat('en', {maximumFractionDigits: 0});

export function isKnown(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

export function count(value) {
  return isKnown(value) ? GROUPED.format(value) : DASH;
}

/** Three digits that matter. */
function short(value) {
  const size = Math.abs(value);
  return size >= 100 || size === 0 ? GROUPED.format(value) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function bytes(value) {
  if (!isKnown(value)) {
    return DASH;
  }
  const power = Math.min(UNITS.length - 1, value < 1024 ? 0 : Math.floor(Math.log2(value) / 10));
  return power === 0 ? `${value} B` : `${short(value / 1024 ** power)} ${UNITS[power]}`;
}

export function millis(value) {
  if (!isKnown(value)) {
    return DASH;
  }
  return value >= 60_000 ? `${short(value / 60_000)} min` : value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
}

export function rate(value) {
  return isKnown(value) ? short(value) : DASH;
}

/** @param value a fraction */
export function percent(value) {
  return isKnown(value) ? `${Math.abs(value) < 0.1 ? (value * 100).toFixed(1) : Math.round(value * 100)} %` : DASH;
}
