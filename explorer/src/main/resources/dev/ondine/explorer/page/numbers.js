'use strict';

// Numbers as people read them: three digits that matter, thousands with a thin space, SI prefixes.
const numbers = (() => {

  const UNKNOWN = 'unknown';

  function plain(value) {
    if (!Number.isFinite(value)) {
      return UNKNOWN;
    }
    if (value === 0) {
      return '0';
    }
    const size = Math.abs(value);
    if (size >= 1e6 || size < 1e-3) {
      return value.toExponential(1).replace('e+', 'e');
    }
    const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
    const rounded = Number(value.toPrecision(3));
    return size >= 999.5 ? Math.round(rounded).toLocaleString('en').replaceAll(',', '\u202f')
        : rounded.toFixed(Math.min(digits, decimals(rounded)));
  }

  function decimals(value) {
    return (String(value).split('.')[1] ?? '').length;
  }

  const whole = value => Number.isFinite(value) ? Math.round(value).toLocaleString('en').replaceAll(',', '\u202f') : UNKNOWN;

  // How many times as fast: 0.48, 1.91, 23.
  const times = value => Number.isFinite(value) ? (value < 9.995 ? value.toFixed(2) : plain(value)) + '×' : UNKNOWN;

  // [value, unit], such as ["3.85", "GB"].
  function scaled(value, unit, prefixes) {
    if (!Number.isFinite(value)) {
      return [UNKNOWN, ''];
    }
    const [prefix, factor] = prefixes.find(([, least]) => Math.abs(value) >= least * 0.9995) ?? prefixes.at(-1);
    return [plain(value / factor), prefix + unit];
  }

  const big = [['T', 1e12], ['G', 1e9], ['M', 1e6], ['k', 1e3], ['', 1]];
  const small = [['', 1], ['m', 1e-3], ['µ', 1e-6], ['n', 1e-9]];

  const bytes = value => scaled(value, 'B', big);
  const joules = value => scaled(value, 'J', small);
  const seconds = value => scaled(value, 's', small);

  const text = ([value, unit]) => unit ? `${value}\u202f${unit}` : value;

  // 7 B, 1.2 T: parameters.
  function count(value) {
    const [digits, prefix] = scaled(value, '', big);
    return text([digits, prefix === 'G' ? 'B' : prefix]);
  }

  // 4k, 128k: tokens on an axis.
  const tokens = value => value >= 1048576 ? `${plain(value / 1048576)}M` : value >= 1024 ? `${plain(value / 1024)}k` : plain(value);

  return {plain, whole, times, bytes, joules, seconds, text, count, tokens};
})();
