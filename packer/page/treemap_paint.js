// Paints what treemap_layout.js laid out.
import { inkOn } from "./colour.js";
import { shortBytes } from "./format.js";

const FONT = "system-ui, sans-serif";

const mixtures = new Map();

function mix(a, b, share) {
    const key = a + b + share;
    if (!mixtures.has(key)) mixtures.set(key, mixed(a, b, share));
    return mixtures.get(key);
}

function mixed(a, b, share) {
    const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
    const parts = [1, 3, 5].map((at) => Math.round(part(a, at) * (1 - share) + part(b, at) * share));
    return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

// style: {surface, frame, ink}, colours of the page, and shaded, whether one colour has shades; colourOf(node) that of a part.
export function paintTreemap(context, layout, style, colourOf, valueOf) {
    context.fillStyle = style.surface;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.textBaseline = "middle";
    for (const cell of layout.cells) {
        if (cell.depth === 0 && cell.open) continue;
        context.globalAlpha = cell.node.dim ? 0.16 : 1;
        const colour = shaded(colourOf(cell.node), cell.node, style);
        if (cell.open) paintGroup(context, cell, style, colour, valueOf);
        else paintCell(context, cell, colour, valueOf);
    }
    context.globalAlpha = 1;
}

// Members of one library lie side by side in one colour: every other is a little lighter.
function shaded(colour, node, style) {
    const member = node.level === "symbol" ? node.parent : node;
    if (!style.shaded || member.level !== "member" || member.tone === 0) return colour;
    return mix(colour, style.surface, 0.11 * member.tone);
}

function paintGroup(context, cell, style, colour, valueOf) {
    const { node, head } = cell;
    const width = node.x1 - node.x0;
    const isFunction = node.level === "function";
    const frame = isFunction
        ? style.frame
        : mix(colour, style.surface, node.level === "library" ? 0.3 : 0.62);
    context.fillStyle = frame;
    context.fillRect(node.x0, node.y0, width - 1, node.y1 - node.y0 - 1);
    if (head === 0) return;
    context.fillStyle = isFunction ? style.ink : inkOn(frame);
    context.font = `${node.level === "member" ? 500 : 650} ${isFunction ? 13 : node.level === "library" ? 12 : 10.5}px ${FONT}`;
    const size = shortBytes(valueOf(node));
    const sizeWidth = node.level === "member" ? 0 : context.measureText(size).width + 10;
    const middle = node.y0 + head / 2 + 0.5;
    const room = width - 10 - sizeWidth;
    const name = fit(context, node.name, room > 24 ? room : width - 10);
    context.fillText(name, node.x0 + 5, middle);
    if (sizeWidth > 0 && room > 24) {
        context.font = `400 11px ${FONT}`;
        context.textAlign = "right";
        context.fillText(size, node.x1 - 6, middle);
        context.textAlign = "left";
    }
}

function paintCell(context, cell, colour, valueOf) {
    const { node } = cell;
    const width = node.x1 - node.x0;
    const height = node.y1 - node.y0;
    const gap = width > 4 && height > 4 ? 1 : width > 2 && height > 2 ? 0.5 : 0;
    context.fillStyle = colour;
    context.fillRect(node.x0, node.y0, width - gap, height - gap);
    if (width < 28 || height < 14) return;
    context.fillStyle = inkOn(colour);
    context.font = `400 11px ${FONT}`;
    const twoLines = height > 32 && width > 44;
    const top = twoLines ? node.y0 + 11 : node.y0 + Math.min(height / 2, 11);
    const name = fit(context, node.name, width - 9);
    context.fillText(name, node.x0 + 4, top);
    if (!twoLines || !name) return;
    context.font = `400 10px ${FONT}`;
    context.fillText(fit(context, shortBytes(valueOf(node)), width - 9), node.x0 + 4, top + 14);
}

// A text cut so that it fits; "" where not even a few letters do.
function fit(context, text, width) {
    if (context.measureText(text).width <= width) return text;
    let low = 0;
    let high = text.length;
    while (low < high) {
        const half = (low + high + 1) >> 1;
        if (context.measureText(`${text.slice(0, half)}…`).width <= width) low = half;
        else high = half - 1;
    }
    return low < 5 ? "" : `${text.slice(0, low)}…`;
}

// The frame around a part, on the canvas that lies above.
export function paintFrame(context, node, colour, halo, thickness) {
    const inset = thickness / 2;
    const box = [
        node.x0 + inset,
        node.y0 + inset,
        node.x1 - node.x0 - thickness - 0.5,
        node.y1 - node.y0 - thickness - 0.5,
    ];
    context.lineJoin = "round";
    context.strokeStyle = halo;
    context.lineWidth = thickness + 2;
    context.strokeRect(...box);
    context.strokeStyle = colour;
    context.lineWidth = thickness;
    context.strokeRect(...box);
}
