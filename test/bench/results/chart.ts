/** A curve of a chart. */
export interface Curve {
    readonly name: string;
    /** In rising order of x. */
    readonly points: readonly (readonly [x: number, y: number])[];
}

/** A bar of a timeline: from one moment to another, in the unit of its axis. */
export interface Bar {
    readonly name: string;
    readonly from: number;
    readonly to: number;
}

/** What a chart's axis tells. */
export interface Axis {
    readonly title: string;
    readonly from: number;
    readonly to: number;
}

const width = 760;
/** Told apart also by those who see colours otherwise (Okabe and Ito). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

/** Draws curves as SVG, each with its name. The same curves give the same bytes. */
export function drawCurves(
    title: string,
    axes: { readonly x: string; readonly y: string },
    curves: readonly Curve[],
): string {
    const height = 320;
    const [left, right, top, bottom] = [60, width - 20, 60, height - 50];
    const all = curves.flatMap(({ points }) => points);
    const x = {
        title: axes.x,
        ...reach(
            all.map(([value]) => value),
            false,
        ),
    };
    const y = {
        title: axes.y,
        ...reach(
            all.map(([, value]) => value),
            true,
        ),
    };
    const [across, up] = [scale(x, left, right), scale(y, bottom, top)];
    const drawn = curves.map(({ name, points }, index) => {
        const colour = colours[index % colours.length] ?? "#000";
        const path = points.map(([a, b]) => `${coordinate(across(a))},${coordinate(up(b))}`).join(" ");
        const dots = points.map(
            ([a, b]) => `<circle cx="${coordinate(across(a))}" cy="${coordinate(up(b))}" r="2.5"/>`,
        );
        return [
            `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
            `<g fill="${colour}">${dots.join("")}</g>`,
            text(left + 10 + index * 160, top - 12, name, { fill: colour }),
        ].join("\n");
    });
    return svg(height, [
        text(left, 22, title, { "font-weight": "bold" }),
        axisBelow(x, { left, right, bottom, top }),
        axisBeside(y, { left, right, bottom, top }),
        ...drawn,
    ]);
}

/** Draws bars one below the other as SVG, each with its name and how long it is. */
export function drawTimeline(title: string, x: string, bars: readonly Bar[]): string {
    const row = 22;
    const [left, right, top] = [330, width - 60, 40];
    const bottom = top + bars.length * row + 6;
    const axis = { title: x, from: 0, to: Math.max(1, ...bars.map(({ to }) => to)) };
    const across = scale(axis, left, right);
    const drawn = bars.map(({ name, from, to }, index) => {
        const [start, end, at] = [across(from), across(to), top + index * row];
        const long = Math.max(end - start, 1);
        return [
            `<rect x="${coordinate(start)}" y="${at + 4}" width="${coordinate(long)}" height="${row - 8}" fill="${colours[0]}"/>`,
            text(left - 8, at + 16, name, { "text-anchor": "end" }),
            text(end + 5, at + 16, (to - from).toFixed(1)),
        ].join("\n");
    });
    return svg(bottom + 50, [
        text(10, 22, title, { "font-weight": "bold" }),
        axisBelow(axis, { left, right, bottom, top }),
        ...drawn,
    ]);
}

interface Frame {
    readonly left: number;
    readonly right: number;
    readonly bottom: number;
    readonly top: number;
}

function axisBelow(axis: Axis, { left, right, bottom, top }: Frame): string {
    const across = scale(axis, left, right);
    const ticks = ticksOf(axis).map((value) => {
        const at = coordinate(across(value));
        return `${line([at, bottom, at, top], "#ddd")}${text(across(value), bottom + 16, `${value}`, { "text-anchor": "middle" })}`;
    });
    const title = text((left + right) / 2, bottom + 36, axis.title, { "text-anchor": "middle" });
    return [...ticks, line([left, bottom, right, bottom], "#333"), title].join("\n");
}

function axisBeside(axis: Axis, { left, right, bottom, top }: Frame): string {
    const up = scale(axis, bottom, top);
    const ticks = ticksOf(axis).map((value) => {
        const at = coordinate(up(value));
        return `${line([left, at, right, at], "#ddd")}${text(left - 6, up(value) + 4, `${value}`, { "text-anchor": "end" })}`;
    });
    return [...ticks, line([left, bottom, left, top], "#333"), text(10, top - 12, axis.title)].join("\n");
}

/** Round values of an axis, four to eight of them. */
function ticksOf({ from, to }: Axis): number[] {
    const rough = (to - from) / 6;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
    const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
    return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(6)));
}

/** From the smallest value, or zero, to the largest. */
function reach(values: readonly number[], fromZero: boolean): { from: number; to: number } {
    const from = fromZero ? 0 : Math.min(...values);
    return { from, to: Math.max(from + 1, ...values) };
}

function scale({ from, to }: Axis, first: number, last: number): (value: number) => number {
    return (value) => first + ((value - from) / (to - from)) * (last - first);
}

function svg(height: number, content: readonly string[]): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" fill="#222">`,
        `<rect width="${width}" height="${height}" fill="#fff"/>`,
        ...content,
        "</svg>\n",
    ].join("\n");
}

function line(
    [x1, y1, x2, y2]: readonly [number | string, number | string, number | string, number | string],
    colour: string,
): string {
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"/>`;
}

function text(x: number, y: number, content: string, more: Readonly<Record<string, string>> = {}): string {
    const attributes = Object.entries(more).map(([name, value]) => ` ${name}="${value}"`);
    return `<text x="${coordinate(x)}" y="${coordinate(y)}"${attributes.join("")}>${escaped(content)}</text>`;
}

function coordinate(value: number): string {
    return value.toFixed(1);
}

function escaped(content: string): string {
    return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
