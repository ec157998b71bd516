// Paints what treemap_layout.js laid out.
import { inkOn } from "./colour.js";
import { shortBytes } from "./format.js";
import { colourText, mixed, numberOf } from "./picture.js";

const FONT = "system-ui, sans-serif";

const DIM = 0.84; // how much of what is under it shows through what stands back

// First the boxes of all parts, then the texts on them. style: {surface, frame, ink}, colours of the page, and shaded,
// whether one colour has shades; colourOf(node): the colour of a part; isDim(node): whether it stands back.
export function paintTreemap(context, picture, layout, style, { colourOf, isDim }) {
    const surface = numberOf(style.surface);
    picture.clear(surface);
    const labelled = [];
    for (const cell of layout.cells) {
        const { node, outer } = cell;
        if (!outer && cell.open) {
            cell.colour = surface;
            continue;
        }
        const below = outer ? outer.colour : surface;
        cell.dim = isDim(node);
        cell.plain = shaded(numberOf(colourOf(node)), node, style, surface);
        if (cell.open) cell.plain = groupColour(cell.plain, node, style, surface);
        cell.colour = cell.dim ? mixed(cell.plain, below, DIM) : cell.plain;
        picture.box(node.x0, node.y0, node.x1, node.y1, gapOf(cell), cell.colour, below);
        if (cell.open ? cell.head > 0 : hasLabel(node)) labelled.push(cell);
    }
    picture.show(context);
    context.textBaseline = "middle";
    for (const cell of labelled) {
        context.globalAlpha = cell.dim ? 1 - DIM : 1;
        if (cell.open) writeHead(context, cell, style);
        else writeLabel(context, cell);
    }
    context.globalAlpha = 1;
}

// Members of one library lie side by side in one colour: every other is a little lighter.
function shaded(colour, node, style, surface) {
    const member = node.level === "symbol" ? node.parent : node;
    if (!style.shaded || member.level !== "member" || member.tone === 0) return colour;
    return mixed(colour, surface, 0.11 * member.tone);
}

function groupColour(colour, node, style, surface) {
    if (node.level === "function") return numberOf(style.frame);
    return mixed(colour, surface, node.level === "library" ? 0.3 : 0.62);
}

function gapOf({ node, open }) {
    const least = Math.min(node.x1 - node.x0, node.y1 - node.y0);
    return open || least > 4 ? 1 : least > 2 ? 0.5 : 0;
}

function hasLabel(node) {
    return node.x1 - node.x0 >= 28 && node.y1 - node.y0 >= 14;
}

function writeHead(context, { node, head, plain }, style) {
    const width = node.x1 - node.x0;
    const isFunction = node.level === "function";
    context.fillStyle = isFunction ? style.ink : inkOn(colourText(plain));
    context.font = `${node.level === "member" ? 500 : 650} ${isFunction ? 13 : node.level === "library" ? 12 : 10.5}px ${FONT}`;
    const size = shortBytes(node.value);
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

function writeLabel(context, { node, plain }) {
    const width = node.x1 - node.x0;
    const height = node.y1 - node.y0;
    context.fillStyle = inkOn(colourText(plain));
    context.font = `400 11px ${FONT}`;
    const twoLines = height > 32 && width > 44;
    const top = twoLines ? node.y0 + 11 : node.y0 + Math.min(height / 2, 11);
    const name = fit(context, node.name, width - 9);
    context.fillText(name, node.x0 + 4, top);
    if (!twoLines || !name) return;
    context.font = `400 10px ${FONT}`;
    context.fillText(fit(context, shortBytes(node.value), width - 9), node.x0 + 4, top + 14);
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
