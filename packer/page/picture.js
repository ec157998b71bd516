// A picture of boxes of whole pixels: tens of thousands of them are made many times sooner than by a canvas.
const bigEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 0;

export class Picture {
    // ratio: device pixels for one of the page.
    constructor(width, height, ratio) {
        this.width = width;
        this.height = height;
        this.ratio = ratio;
        this.image = new ImageData(Math.max(1, width), Math.max(1, height));
        this.pixels = new Uint32Array(this.image.data.buffer);
    }

    clear(colour) {
        this.pixels.fill(packed(colour));
    }

    // Fills from edge to edge, each put between two pixels; gap, in the page's pixels, is left free at the right and at
    // the bottom: half a pixel shows what is under it by half.
    box(x0, y0, x1, y1, gap, colour, below) {
        const left = Math.round(x0 * this.ratio);
        const top = Math.round(y0 * this.ratio);
        const right = Math.round(x1 * this.ratio);
        const bottom = Math.round(y1 * this.ratio);
        const whole = Math.floor(gap * this.ratio);
        const part = gap * this.ratio - whole;
        if (part > 0) this.fill(left, top, right - whole, bottom - whole, mixed(colour, below, part));
        const edge = part > 0 ? whole + 1 : whole;
        this.fill(left, top, right - edge, bottom - edge, colour);
    }

    fill(x0, y0, x1, y1, colour) {
        const value = packed(colour);
        const right = Math.min(x1, this.width);
        const bottom = Math.min(y1, this.height);
        for (let y = y0; y < bottom; y++) {
            const end = y * this.width + right;
            for (let at = y * this.width + x0; at < end; at++) this.pixels[at] = value;
        }
    }

    show(context) {
        context.putImageData(this.image, 0, 0);
    }
}

// Colours are numbers here, 0xrrggbb.
function packed(colour) {
    if (bigEndian) return ((colour << 8) | 0xff) >>> 0;
    return (0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16)) >>> 0;
}

const numbers = new Map();

export function numberOf(colour) {
    if (!numbers.has(colour)) numbers.set(colour, parseInt(colour.slice(1), 16));
    return numbers.get(colour);
}

export function colourText(number) {
    return `#${number.toString(16).padStart(6, "0")}`;
}

// share: how much of b there is, from 0 to 1.
export function mixed(a, b, share) {
    const red = Math.round((a >> 16) * (1 - share) + (b >> 16) * share);
    const green = Math.round(((a >> 8) & 0xff) * (1 - share) + ((b >> 8) & 0xff) * share);
    const blue = Math.round((a & 0xff) * (1 - share) + (b & 0xff) * share);
    return (red << 16) | (green << 8) | blue;
}
