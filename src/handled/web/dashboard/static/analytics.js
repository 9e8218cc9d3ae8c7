// Draws the trend lines of a page from the data that stands beside each. Without it there are the tables.
"use strict";

(() => {
  const dash = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
  const colours = matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Map();

  const writerOf = ({ unit, currency, locale }) => {
    const number = (options) => new Intl.NumberFormat(locale, options);
    const counts = number({ maximumFractionDigits: 0 });
    const seconds = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const amounts = number({ style: "currency", currency });
    const round = number({ style: "currency", currency, maximumFractionDigits: 0 });
    const cents = number({ style: "currency", currency: "USD", maximumFractionDigits: 4 });
    const write = {
      count: (value) => counts.format(value),
      percent: (value) => `${counts.format(value)} %`,
      seconds: (value) => `${seconds.format(value)} s`,
      money: (value) => (Number.isInteger(value) ? round : amounts).format(value),
      dollars: (value) => cents.format(value),
    }[unit];
    return (value) => (value == null ? "–" : write(value));
  };

  const draw = (place) => {
    drawn.get(place)?.destroy();
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const write = writerOf(data);
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    const every = Math.max(1, Math.ceil(data.times.length / Math.max(2, Math.floor(place.clientWidth / 90))));
    const options = {
      width: place.clientWidth,
      height: 200,
      padding: [10, 14, 0, 0],
      scales: {
        x: { time: false },
        y: { range: (_, least, most) => [Math.min(0, least ?? 0), data.unit === "percent" ? 100 : Math.max(most ?? 0, data.unit === "count" ? 4 : 0.001) * 1.08] },
      },
      cursor: { y: false, drag: { x: false, y: false } },
      legend: { live: true },
      axes: [
        { ...axis, size: 30, grid: { show: false }, splits: () => data.times.filter((_, at) => at % every === 0), values: (_, splits) => splits.map((each) => data.labels[data.times.indexOf(each)].split(" – ")[0]) },
        { ...axis, size: 64, values: (_, splits) => splits.map((each) => (data.unit === "count" && !Number.isInteger(each) ? "" : write(each))) },
      ],
      series: [
        { label: "Days", value: (_, each) => (each == null ? "" : data.labels[data.times.indexOf(each)] ?? "") },
        ...data.lines.map((line, at) => ({
          label: line.name,
          stroke: colour(`--line-${(at % 4) + 1}`),
          width: 2,
          // Told apart without their colours, too.
          dash: dash[at % 4],
          spanGaps: true,
          points: { show: data.times.length === 1 },
          // Nothing is pointed at yet.
          value: (_, each, __, at) => (at == null ? "" : write(each)),
        })),
      ],
    };
    drawn.set(place, new uPlot(options, [data.times, ...data.lines.map((line) => line.values)], place));
  };

  const places = [...document.querySelectorAll("[data-chart]")];
  for (const place of places) {
    place.classList.add("is-drawn");
    draw(place);
  }
  colours.addEventListener("change", () => places.forEach(draw));
  const widths = new Map();
  const sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const known = widths.get(target);
      widths.set(target, contentRect.width);
      if (known !== undefined && Math.abs(known - contentRect.width) > 1) draw(target);
    }
  });
  places.forEach((place) => sizes.observe(place));

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
