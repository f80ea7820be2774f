// SPDX-License-Identifier: GPL-3.0-or-later

// Rows lower than these cannot be told apart; the others are left out.
const lowestRow = 4;
// Narrower cells have an edge around all of them together.
const narrowestEdge = 10;

/**
 * A contestant's lane: what its workers ran, and below it the results in the order in which they were handed out,
 * coloured by their place in the input, with those that wait, paler, behind.
 */
class LaneDrawing {
    /**
     * @param replay  of the contestant
     * @param race    {length: seconds of the longest, items: of the input}
     */
    constructor(replay, race, canvas) {
        this.replay = replay;
        this.race = race;
        this.surface = new Surface(canvas);
    }

    colour(index) {
        return this.palette.item(this.race.items > 1 ? index / (this.race.items - 1) : 0);
    }

    /** Draws all that will ever be seen, of which each frame shows a part. */
    prepare(palette) {
        this.palette = palette;
        this.surface.fit();
        const {width, height, ratio} = this.surface;
        this.ribbonHeight = Math.max(Math.round(height / 3), Math.round(14 * ratio));
        this.gap = Math.round(5 * ratio);
        this.barsHeight = Math.max(height - this.ribbonHeight - this.gap, 1);
        this.bars = hiddenCanvas(width, this.barsHeight);
        this.ribbon = hiddenCanvas(width, this.ribbonHeight);
        this.rows = Math.min(this.replay.byWorker.length, Math.max(Math.floor(this.barsHeight / (lowestRow * ratio)), 1));
        this.drawBars(this.bars.getContext('2d'));
        this.drawRibbon(this.ribbon.getContext('2d'));
    }

    rowAt(row) {
        const top = Math.round(this.barsHeight * row / this.rows);
        return {top, height: Math.max(Math.round(this.barsHeight * (row + 1) / this.rows) - top - this.unit(), 1)};
    }

    unit() {
        return Math.max(Math.round(this.surface.ratio), 1);
    }

    drawBars(context) {
        const {replay, race, palette} = this;
        const scale = race.length > 0 ? this.surface.width / race.length : 0;
        const unit = this.unit();
        for (let row = 0; row < this.rows; ++row) {
            const {top, height} = this.rowAt(row);
            let reached = 0;
            let idleSince = 0;
            for (const position of replay.byWorker[row] ?? []) {
                // A pause of less than a column is none to be seen, however its ends are rounded.
                const isPaused = (replay.started[position] - idleSince) * scale >= 1;
                const from = isPaused ? Math.max(Math.round(replay.started[position] * scale), reached) : reached;
                idleSince = replay.finished[position];
                const to = Math.round(replay.finished[position] * scale);
                // Of many in one column of pixels the first is drawn.
                if (to < from || (to === from && from === reached && reached > 0))
                    continue;
                const space = to - from >= 4 * unit ? unit : 0;
                const width = Math.max(to - from - space, 1);
                const hasFailed = replay.hasFailed[position] === 1;
                context.fillStyle = hasFailed ? palette.error : this.colour(replay.index[position]);
                context.fillRect(from, top, width, height);
                if (hasFailed && width >= 5 * unit && height >= 5 * unit)
                    LaneDrawing.strike(context, palette, from, top, width, height, unit);
                reached = Math.max(to, from + 1);
            }
        }
    }

    /** Marks a failed item, not by its colour alone. */
    static strike(context, palette, left, top, width, height, unit) {
        const thickness = Math.max(Math.round(height / 6), unit);
        context.fillStyle = palette.surface;
        context.fillRect(left + unit, top + Math.round((height - thickness) / 2), width - 2 * unit, thickness);
    }

    /** As many as the input has items, also where not all were handed out. */
    allCells() {
        return Math.max(this.race.items, this.replay.size, 1);
    }

    /** Where the cell of a place in the order of delivery is. */
    cell(place) {
        const cell = this.surface.width / this.allCells();
        const from = Math.floor(place * cell);
        const to = Math.max(Math.floor((place + 1) * cell), from + 1);
        const space = to - from >= 4 * this.unit() ? this.unit() : 0;
        return {from, width: to - from - space};
    }

    drawRibbon(context) {
        let column = -1;
        for (let position = 0; position < this.replay.size; ++position) {
            const {from, width} = this.cell(position);
            if (from === column)
                continue;
            column = from;
            context.fillStyle = this.colour(this.replay.index[position]);
            context.fillRect(from, 0, width, this.ribbonHeight);
        }
    }

    draw(time) {
        const {surface, replay, race, palette} = this;
        const context = surface.context;
        const unit = this.unit();
        surface.clear();
        context.fillStyle = palette.track;
        for (let row = 0; row < this.rows; ++row) {
            const {top, height} = this.rowAt(row);
            context.fillRect(0, top, surface.width, height);
        }
        const now = race.length > 0 ? Math.round(surface.width * time / race.length) : 0;
        if (now > 0)
            context.drawImage(this.bars, 0, 0, now, this.barsHeight, 0, 0, now, this.barsHeight);
        const {delivered} = replay.at(time);
        this.drawResults(context, delivered, time);
        // Where the clock stands.
        context.fillStyle = palette.text;
        context.fillRect(Math.min(now, surface.width - unit), 0, unit, this.barsHeight);
    }

    drawResults(context, delivered, time) {
        const {surface, replay, palette, ribbonHeight} = this;
        const unit = this.unit();
        const top = surface.height - ribbonHeight;
        context.fillStyle = palette.track;
        context.fillRect(0, top, surface.width, ribbonHeight);
        const end = delivered > 0 ? Math.min(this.cell(delivered - 1).from + this.cell(delivered - 1).width, surface.width) : 0;
        if (end > 0)
            context.drawImage(this.ribbon, 0, 0, end, ribbonHeight, 0, top, end, ribbonHeight);
        replay.waiting.moveTo(time);
        let column = end - 1;
        let reached = end;
        const areTold = surface.width / this.allCells() >= narrowestEdge * unit;
        replay.waiting.forEach((place, index) => {
            const {from, width} = this.cell(delivered + place);
            if (from <= column)
                return;
            column = from;
            reached = Math.min(from + width, surface.width);
            context.globalAlpha = 0.4;
            context.fillStyle = this.colour(index);
            context.fillRect(from, top, width, ribbonHeight);
            context.globalAlpha = 1;
            if (areTold)
                this.drawEdge(context, from, top, width);
        });
        if (!areTold && reached > end)
            this.drawEdge(context, end, top, reached - end);
        context.strokeStyle = palette.hairline;
        context.lineWidth = unit;
        context.setLineDash([]);
        context.strokeRect(unit / 2, top + unit / 2, surface.width - unit, ribbonHeight - unit);
    }

    /** Around what waits: paleness alone might be missed. */
    drawEdge(context, left, top, width) {
        const unit = this.unit();
        context.strokeStyle = this.palette.quiet;
        context.lineWidth = unit;
        context.setLineDash([3 * unit, 2 * unit]);
        context.strokeRect(left + unit / 2, top + unit * 1.5, Math.max(width - unit, unit), this.ribbonHeight - 3 * unit);
    }
}

/** The clock's marks above the lanes. */
function drawTimeAxis(surface, palette, length) {
    surface.fit();
    surface.clear();
    surface.setFont(palette);
    const {context, width, height, ratio} = surface;
    context.fillStyle = palette.quiet;
    context.textBaseline = 'middle';
    for (const [time, text] of timeTicks(length, width / ratio / 70)) {
        const x = Math.min(Math.round(width * time / length), width - 1);
        const half = context.measureText(text).width / 2;
        context.textAlign = 'left';
        context.fillText(text, Math.min(Math.max(x - half, 0), width - 2 * half), height * 0.4);
        context.fillRect(x, Math.round(height * 0.78), Math.max(Math.round(ratio), 1), height);
    }
}
