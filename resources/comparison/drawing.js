// SPDX-License-Identifier: GPL-3.0-or-later

// What the drawings share: colours, canvases in the pixels of the screen, an axis of time.

// The samples of viridis that the program's theme has, between which it mixes.
const viridis = [[0x44, 0x01, 0x54], [0x47, 0x2d, 0x7b], [0x3b, 0x52, 0x8b], [0x2c, 0x72, 0x8e], [0x21, 0x91, 0x8c],
    [0x28, 0xae, 0x80], [0x5e, 0xc9, 0x62], [0xad, 0xdc, 0x30], [0xfd, 0xe7, 0x25]];

function viridisAt(fraction) {
    const position = Math.min(Math.max(fraction, 0), 1) * (viridis.length - 1);
    const below = Math.min(Math.floor(position), viridis.length - 2);
    const share = position - below;
    const mixed = viridis[below].map((from, part) => Math.round(from + (viridis[below + 1][part] - from) * share));
    return `rgb(${mixed.join()})`;
}

/** The colours of now: of the scheme the reader prefers, on paper the light one. */
class Palette {
    static shades = 512;

    constructor() {
        const style = getComputedStyle(document.documentElement);
        const colour = name => style.getPropertyValue('--' + name).trim();
        this.isDark = matchMedia('(prefers-color-scheme: dark)').matches &&
            !document.documentElement.classList.contains('printing');
        this.text = colour('text');
        this.quiet = colour('quiet');
        this.hairline = colour('hairline');
        this.surface = colour('surface');
        this.track = colour('track');
        this.error = colour('error');
        this.font = style.fontFamily;
        this.textSize = parseFloat(style.fontSize) * 0.8;
        // Without the end of it that the background would swallow.
        this.items = Array.from({length: Palette.shades}, (_, shade) => {
            const fraction = shade / (Palette.shades - 1);
            return viridisAt(this.isDark ? 0.16 + 0.84 * fraction : 0.94 * fraction);
        });
        this.series = this.isDark
            ? ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#f0e442']
            : ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#555555'];
    }

    /** Of an item by its place in the input, 0 for the first and 1 for the last. */
    item(fraction) {
        return this.items[Math.round(Math.min(Math.max(fraction, 0), 1) * (Palette.shades - 1))];
    }

    line(series) {
        return this.series[series % this.series.length];
    }
}

// Lines are told apart without their colours as well.
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 2, 2, 2, 2]];

/** A canvas with one pixel for each of the screen's. */
class Surface {
    constructor(canvas) {
        this.canvas = canvas;
        this.context = canvas.getContext('2d');
        this.fit();
    }

    /** False when nothing about its size has changed. */
    fit() {
        const ratio = window.devicePixelRatio || 1;
        const width = Math.max(Math.round(this.canvas.clientWidth * ratio), 1);
        const height = Math.max(Math.round(this.canvas.clientHeight * ratio), 1);
        if (ratio === this.ratio && width === this.canvas.width && height === this.canvas.height)
            return false;
        this.ratio = ratio;
        this.canvas.width = width;
        this.canvas.height = height;
        return true;
    }

    get width() { return this.canvas.width; }
    get height() { return this.canvas.height; }

    clear() {
        this.context.clearRect(0, 0, this.width, this.height);
    }

    setFont(palette) {
        this.context.font = `${Math.round(palette.textSize * this.ratio)}px ${palette.font}`;
    }
}

/** One of the same size that is never shown: what does not change is drawn there once. */
function hiddenCanvas(width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(width, 1);
    canvas.height = Math.max(height, 1);
    return canvas;
}

/** 1, 2 or 5 with zeros, so that no more than `most` steps fill the range. */
function evenStep(range, most) {
    const rough = range / Math.max(most, 1);
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough * (1 - 1e-9));
}

/** A moment of a race of this length, with the digits that tell its pixels apart. */
function momentText(time, length) {
    if (length < 1)
        return `${(time * 1e3).toFixed(length < 0.1 ? 2 : 1)} ms`;
    if (length < 60)
        return `${time.toFixed(2)} s`;
    const tenths = Math.round(time * 10);
    const two = number => String(number).padStart(2, '0');
    const minutes = Math.floor(tenths / 600);
    const rest = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
    return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** Ticks of an axis of time: [time, text]. */
function timeTicks(length, most) {
    if (!(length > 0))
        return [];
    const step = length < 60 ? evenStep(length, most)
        : [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].find(each => each >= length / most) ?? evenStep(length, most);
    const isShort = length < 1;
    const unit = isShort ? 1e3 : 1;
    const digits = Math.max(0, -Math.floor(Math.log10(step * unit) + 1e-9));
    const ticks = [];
    for (let n = 0; n * step <= length * (1 + 1e-9); ++n)
        ticks.push([n * step, n === 0 ? '0'
            : length < 60 ? `${(n * step * unit).toFixed(digits)} ${isShort ? 'ms' : 's'}`
                : momentText(n * step, length).replace(/\.\d$/, '')]);
    return ticks;
}
