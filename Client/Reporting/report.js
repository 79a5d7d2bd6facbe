(() => {
  'use strict';
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let forced = null;
  const applyTheme = () => { root.dataset.theme = forced ?? (dark.matches ? 'dark' : 'light'); };
  applyTheme();
  dark.addEventListener('change', applyTheme);
  document.getElementById('theme').addEventListener('click', () => {
    forced = root.dataset.theme === 'dark' ? 'light' : 'dark';
    applyTheme();
  });

  const escape = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  const color = i => `var(--c${i % 8})`;
  const round = v => Math.round(v * 10) / 10;

  // Numbers as text.
  const trim = (v, digits) => String(+v.toFixed(digits));
  const scaled = (v, units, step) => {
    let i = 0;
    let a = Math.abs(v);
    while (a >= step * .99995 && i < units.length - 1) { a /= step; i++; }
    return trim(Math.sign(v) * a, a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 || a === 0 ? 2 : 3) + units[i];
  };
  const formats = {
    number: v => Math.abs(v) > 0 && Math.abs(v) < .01 ? v.toExponential(1) : scaled(v, ['', ' k', ' M', ' G'], 1000),
    percent: v => trim(v * 100, v > .98 && v < 1 ? 2 : 1) + ' %',
    bytes: v => scaled(v, [' B', ' kB', ' MB', ' GB', ' TB', ' PB'], 1000),
    seconds: v => v < 120 ? scaled(v, [' s'], 1e9) : v < 3600 ? trim(v / 60, 1) + ' min'
      : v < 172800 ? trim(v / 3600, 1) + ' h' : trim(v / 86400, 1) + ' d',
  };

  // Scales: f maps a value to 0..1, ticks lie inside.
  const transforms = {
    linear: { to: v => v, ok: () => true },
    log: { to: v => Math.log10(v), ok: v => v > 0 },
    nines: { to: v => -Math.log10(1 - Math.min(v, .99999)), ok: v => v <= 1 },
  };
  const niceStep = (span, count) => {
    const raw = span / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    return power * ([1, 2, 2.5, 5, 10].find(m => m * power >= raw * .999) ?? 10);
  };
  const linearTicks = (low, high, count, format) => {
    let step = niceStep(high - low, count);
    if (format === 'seconds' && high > 120) {
      const units = [60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
      step = units.find(u => u >= (high - low) / count) ?? niceStep((high - low) / 86400, count) * 86400;
    }
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
    return ticks;
  };
  const logTicks = (low, high) => {
    const ticks = [];
    const decades = Math.log10(high / low);
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      for (const m of decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 3.2 ? [1, 3] : [1]) {
        const v = m * 10 ** e;
        if (v >= low * .999 && v <= high * 1.001) ticks.push(v);
      }
    }
    return ticks;
  };
  const nineTicks = (low, high) => [0, .5, .8, .9, .95, .98, .99, .995, .998, .999, .9995, .9999]
    .filter(v => v >= low - 1e-9 && v <= high + 1e-9);
  const scale = (axis, values, count) => {
    const { to, ok } = transforms[axis.scale];
    const usable = values.filter(v => Number.isFinite(v) && ok(v));
    let low = axis.least ?? Math.min(...usable);
    let high = axis.most ?? Math.max(...usable);
    if (!usable.length) { [low, high] = axis.scale === 'log' ? [1, 10] : [0, 1]; }
    if (axis.scale === 'linear') {
      if (low === high) { low -= .5; high += .5; }
      const pad = (high - low) * .04;
      if (axis.least == null && low !== 0) low = low > 0 && low < (high - low) * .3 ? 0 : low - pad;
      if (axis.most == null) high += pad;
    } else if (axis.scale === 'nines') {
      high = axis.most ?? 1 - (1 - Math.min(high, .9999)) * .8;
      low = Math.max(low, 0);
      if (high <= low) low = Math.max(0, high - .1);
    } else if (low === high) { low /= 2; high *= 2; }
    const [a, b] = [to(low), to(high)];
    const ticks = axis.scale === 'log' ? logTicks(low, high) : axis.scale === 'nines' ? nineTicks(low, high)
      : linearTicks(low, high, count, axis.format);
    return { ok, ticks, low, high, text: formats[axis.format], f: v => (to(v) - a) / (b - a) };
  };

  // Tooltip and legend, shared by all charts.
  const tooltip = figure => {
    const tip = document.createElement('div');
    tip.className = 'tip';
    tip.hidden = true;
    figure.append(tip);
    return {
      hide: () => { tip.hidden = true; },
      show: (html, x, y) => {
        tip.innerHTML = html;
        tip.hidden = false;
        const space = figure.clientWidth;
        const left = x + 16 + tip.offsetWidth > space ? x - tip.offsetWidth - 14 : x + 16;
        tip.style.left = Math.max(4, left) + 'px';
        tip.style.top = Math.max(0, y - tip.offsetHeight / 2) + 'px';
      },
    };
  };
  const row = (c, name, value, extra) => `<div><i style="background:${c}"></i>${escape(name)}<b>${escape(value)}</b>`
    + (extra ? `<em>${escape(extra)}</em>` : '') + '</div>';
  const legend = (figure, names, off, redraw, kind, tint = color) => {
    if (names.length < 2) return;
    const bar = document.createElement('div');
    bar.className = 'legend';
    names.forEach((name, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      const mark = typeof kind === 'function' ? kind(i) : kind;
      button.innerHTML = `<i class="${mark}" style="--tint:${tint(i)}"></i>${escape(name)}`;
      button.addEventListener('click', () => {
        if (!off.delete(i)) off.add(i);
        button.classList.toggle('off', off.has(i));
        redraw();
      });
      bar.append(button);
    });
    figure.append(bar);
  };
  const gridAndAxes = (x, y, xAxis, yAxis, box) => {
    const { left, top, width, height } = box;
    let svg = '';
    for (const t of y.ticks) {
      const v = round(top + height * (1 - y.f(t)));
      svg += `<line class="gridline" x1="${left}" x2="${left + width}" y1="${v}" y2="${v}"/>`
        + `<text x="${left - 8}" y="${v + 4}" text-anchor="end">${y.text(t)}</text>`;
    }
    let last = -1e9;
    for (const t of x.ticks) {
      const v = round(left + width * x.f(t));
      svg += `<line class="gridline" x1="${v}" x2="${v}" y1="${top}" y2="${top + height}"/>`;
      if (v - last > 52) {
        svg += `<text x="${v}" y="${top + height + 18}" text-anchor="middle">${x.text(t)}</text>`;
        last = v;
      }
    }
    return svg + `<line class="frame" x1="${left}" x2="${left + width}" y1="${top + height}" y2="${top + height}"/>`
      + `<text x="${left + width / 2}" y="${top + height + 38}" text-anchor="middle">${escape(xAxis.label)}</text>`
      + `<text x="0" y="${top - 12}">${escape(yAxis.label)}</text>`;
  };

  // Centred moving average over a window of points, cut at the ends.
  const smoothed = (values, window) => values && values.map((_, i) => {
    const reach = Math.min(Math.floor(window / 2), i, values.length - 1 - i);
    const part = values.slice(i - reach, i + reach + 1).map(Number);
    return part.reduce((a, b) => a + b) / part.length;
  });

  const line = (chart, figure) => {
    for (const s of chart.series) {
      const window = s.window > 1 ? s.window : 1;
      s.raw = window > 1 ? s.y : null;
      [s.y, s.low, s.high] = [s.y, s.low, s.high].map(v => window > 1 ? smoothed(v, window) : v);
    }
    const off = new Set();
    const tint = i => color(chart.series[i].like ?? i);
    const plot = document.createElement('div');
    const draw = () => {
      const w = plot.clientWidth;
      if (!w) return;
      const box = { left: 58, top: 30, width: w - 58 - 14, height: chart.wide ? 320 : 250 };
      const shown = chart.series.map((s, i) => ({ ...s, i })).filter(s => !off.has(s.i));
      const steps = shown.some(s => s.steps);
      const x = scale(chart.x, shown.flatMap(s => s.x), Math.max(3, Math.floor(w / 110)));
      const y = scale(steps && chart.y.scale === 'linear' ? { least: 0, ...chart.y } : chart.y,
        shown.flatMap(s => [...(s.raw ?? s.y), ...(s.low ?? []), ...(s.high ?? [])]).concat(chart.references.map(r => r.y)), 5);
      const px = v => round(box.left + box.width * x.f(v));
      const py = v => round(box.top + box.height * (1 - Math.min(Math.max(y.f(v), -.02), 1.05)));
      let svg = gridAndAxes(x, y, chart.x, chart.y, box);
      for (const s of shown) {
        s.at = s.x.map((v, k) => ({ k, v, ok: x.ok(v) && y.ok(s.y[k]) && Number.isFinite(+s.y[k]) })).filter(p => p.ok);
        if (!s.at.length) continue;
        if (s.low && s.high) {
          const upper = s.at.map(p => `${px(p.v)},${py(s.high[p.k])}`);
          const lower = s.at.map(p => `${px(p.v)},${py(s.low[p.k])}`).reverse();
          svg += `<polygon points="${[...upper, ...lower].join(' ')}" fill="${tint(s.i)}" opacity=".16"/>`;
        }
        if (s.raw && !s.low) {
          const raw = s.at.map((p, n) => `${n ? 'L' : 'M'}${px(p.v)},${py(s.raw[p.k])}`).join('');
          svg += `<path d="${raw}" fill="none" stroke="${tint(s.i)}" stroke-width="1" opacity=".3"/>`;
        }
        if (s.points) {
          for (const p of s.at) {
            svg += `<circle cx="${px(p.v)}" cy="${py(s.y[p.k])}" r="4.2" fill="var(--card)" stroke="${tint(s.i)}" stroke-width="2"/>`;
          }
          continue;
        }
        let d = '';
        s.at.forEach((p, n) => {
          const level = py(s.y[p.k]);
          d += s.steps ? (n ? `H${px(p.v)}V${level}` : `M${px(p.v)},${level}`) : `${n ? 'L' : 'M'}${px(p.v)},${level}`;
        });
        if (s.steps) {
          const base = box.top + box.height;
          svg += `<path d="${d}V${base}H${px(s.at[0].v)}Z" fill="${tint(s.i)}" opacity=".18"/>`;
        }
        svg += `<path d="${d}" fill="none" stroke="${tint(s.i)}" stroke-width="2" stroke-linejoin="round"/>`;
        const end = s.at[s.at.length - 1];
        if (!s.steps) svg += `<circle cx="${px(end.v)}" cy="${py(s.y[end.k])}" r="3.2" fill="${tint(s.i)}"/>`;
      }
      for (const r of chart.references) {
        svg += `<line x1="${box.left}" x2="${box.left + box.width}" y1="${py(r.y)}" y2="${py(r.y)}" stroke="var(--soft)"`
          + ` stroke-dasharray="5 4"/><text class="halo" x="${box.left + box.width}" y="${py(r.y) - 5}" text-anchor="end">`
          + `${escape(r.name)} ${y.text(r.y)}</text>`;
      }
      const full = box.top + box.height + 44;
      plot.innerHTML = `<svg viewBox="0 0 ${w} ${full}" height="${full}" role="img" aria-label="${escape(chart.title)}">${svg}`
        + '<g class="cross"></g></svg>';
      const cross = plot.querySelector('.cross');
      plot.onpointerleave = () => { tip.hide(); cross.innerHTML = ''; };
      plot.onpointermove = event => {
        const at = event.clientX - plot.getBoundingClientRect().left;
        if (at < box.left - 8 || at > box.left + box.width + 8) return plot.onpointerleave();
        let [marks, rows] = ['', []];
        for (const s of shown) {
          if (!s.at?.length) continue;
          const near = s.steps ? s.at.findLast(p => px(p.v) <= at) ?? s.at[0]
            : s.at.reduce((a, b) => Math.abs(px(b.v) - at) < Math.abs(px(a.v) - at) ? b : a);
          if (!s.steps && Math.abs(px(near.v) - at) > 40) continue;
          marks += `<circle cx="${px(near.v)}" cy="${py(s.y[near.k])}" r="4.5" fill="${tint(s.i)}" stroke="var(--card)"/>`;
          const band = s.low ? ` (${y.text(s.low[near.k])} to ${y.text(s.high[near.k])})` : '';
          const value = (s.raw ?? s.y)[near.k];
          rows.push([value, row(tint(s.i), s.name, y.text(value) + band, 'at ' + x.text(near.v))]);
        }
        cross.innerHTML = `<line class="frame" x1="${at}" x2="${at}" y1="${box.top}" y2="${box.top + box.height}"/>` + marks;
        rows.sort((a, b) => b[0] - a[0]);
        if (rows.length) tip.show(rows.map(r => r[1]).join(''), at + plot.offsetLeft, plot.offsetTop + box.height / 2);
      };
    };
    legend(figure, chart.series.map(s => s.name), off, draw, i => chart.series[i].points ? 'ring' : '', tint);
    figure.append(plot);
    const tip = tooltip(figure);
    return draw;
  };

  const bar = (chart, figure) => {
    const off = new Set();
    const plot = document.createElement('div');
    const draw = () => {
      const w = plot.clientWidth;
      if (!w) return;
      const groups = chart.groups.map((g, i) => ({ ...g, i })).filter(g => !off.has(g.i));
      const longest = Math.max(...chart.categories.map(c => c.length));
      const left = Math.min(w * .4, 14 + longest * 6.6);
      const thick = groups.length > 3 ? 13 : groups.length > 1 ? 20 : 26;
      const gap = 14;
      const height = chart.categories.length * (groups.length * (thick + 2) + gap);
      const box = { left, top: 8, width: w - left - 70, height };
      const values = groups.flatMap(g => g.values);
      const x = scale({ ...chart.value, least: chart.value.least ?? (chart.value.scale === 'log' ? undefined : 0) },
        chart.value.scale === 'log' ? [...values, Math.min(...values.filter(v => v > 0)) / 2] : [...values, 0],
        Math.max(2, Math.floor(w / 130)));
      const px = v => round(box.left + box.width * (x.ok(v) ? Math.max(0, x.f(v)) : 0));
      let svg = gridAndAxes(x, { ticks: [], f: v => v }, chart.value, { label: '' }, box);
      chart.categories.forEach((name, c) => {
        const top = box.top + gap / 2 + c * (groups.length * (thick + 2) + gap);
        svg += `<text x="${left - 10}" y="${top + groups.length * (thick + 2) / 2 + 4}" text-anchor="end">${escape(name)}</text>`;
        groups.forEach((g, k) => {
          const y = top + k * (thick + 2);
          const end = px(g.values[c]);
          svg += `<rect x="${left}" y="${y}" width="${Math.max(1, end - left)}" height="${thick}" rx="3" fill="${color(g.i)}">`
            + `<title>${escape(name)}, ${escape(g.name)}: ${x.text(g.values[c])}</title></rect>`
            + `<text x="${end + 6}" y="${y + thick / 2 + 4}">${x.text(g.values[c])}</text>`;
        });
      });
      const full = box.top + height + 44;
      plot.innerHTML = `<svg viewBox="0 0 ${w} ${full}" height="${full}" role="img" aria-label="${escape(chart.title)}">${svg}</svg>`;
    };
    legend(figure, chart.groups.map(g => g.name), off, draw, '');
    figure.append(plot);
    return draw;
  };

  const map = (chart, figure) => {
    const off = new Set();
    const groups = [...new Set(chart.places.map(p => p.group))];
    const plot = document.createElement('div');
    const draw = () => {
      const w = plot.clientWidth;
      if (!w) return;
      const h = chart.height;
      const [xs, ys] = [chart.places.map(p => p.x), chart.places.map(p => p.y)];
      const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      const unit = Math.min((w - 40) / (x1 - x0 || 1), (h - 40) / (y1 - y0 || 1));
      const px = v => round(w / 2 + (v - (x0 + x1) / 2) * unit);
      const py = v => round(h / 2 - (v - (y0 + y1) / 2) * unit);
      const shown = p => !off.has(groups.indexOf(p.group));
      let svg = '';
      for (const p of chart.places) {
        if (p.reach > 0 && shown(p)) {
          const c = color(groups.indexOf(p.group));
          svg += `<circle cx="${px(p.x)}" cy="${py(p.y)}" r="${round(p.reach * unit)}" fill="${c}" opacity=".07"/>`;
        }
      }
      for (const e of chart.edges) {
        const [a, b] = [chart.places[e.from], chart.places[e.to]];
        if (!shown(a) || !shown(b)) continue;
        const stroke = e.heat == null ? 'var(--soft)' : `hsl(${round(215 - 205 * Math.min(1, e.heat))} 75% 52%)`;
        svg += `<line x1="${px(a.x)}" y1="${py(a.y)}" x2="${px(b.x)}" y2="${py(b.y)}" stroke="${stroke}"`
          + ` stroke-width="${e.width}" opacity="${e.heat == null ? .4 : .85}"/>`;
      }
      for (const p of chart.places) {
        if (!shown(p)) continue;
        svg += `<circle cx="${px(p.x)}" cy="${py(p.y)}" r="${p.size}" fill="${color(groups.indexOf(p.group))}"`
          + ' stroke="var(--card)" stroke-width=".8"/>';
      }
      plot.innerHTML = `<svg class="map" viewBox="0 0 ${w} ${h}" height="${h}" role="img" aria-label="${escape(chart.title)}">${svg}</svg>`;
      plot.onpointerleave = tip.hide;
      plot.onpointermove = event => {
        const r = plot.getBoundingClientRect();
        const [mx, my] = [event.clientX - r.left, event.clientY - r.top];
        let [best, least] = [null, 18];
        for (const p of chart.places) {
          const d = Math.hypot(px(p.x) - mx, py(p.y) - my);
          if (d < least && shown(p)) [best, least] = [p, d];
        }
        if (!best) return tip.hide();
        const at = [px(best.x) + plot.offsetLeft, py(best.y) + plot.offsetTop];
        tip.show(row(color(groups.indexOf(best.group)), best.group, best.label), ...at);
      };
    };
    legend(figure, groups, off, draw, 'dot');
    figure.append(plot);
    const tip = tooltip(figure);
    return draw;
  };

  const kinds = { line, bar, map };
  for (const figure of document.querySelectorAll('[data-chart]')) {
    const chart = charts[+figure.dataset.chart];
    const draw = kinds[chart.kind](chart, figure);
    draw();
    new ResizeObserver(draw).observe(figure);
  }
})();
