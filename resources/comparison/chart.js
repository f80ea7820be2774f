// SPDX-License-Identifier: GPL-3.0-or-later

/** Counts over time, a line for each contestant: pale to its end, strong up to where the clock stands. */
class Chart {
    /**
     * @param replays  of the contestants
     * @param race     {length: seconds of the longest}
     * @param trace    (replay, times) => {at, most} for each of the ascending times: the count then, and the most
     *                 since the time before
     * @param value    count of a replay's at()
     */
    constructor(replays, race, canvas, trace, value) {
        this.replays = replays;
        this.race = race;
        this.trace = trace;
        this.value = value;
        this.surface = new Surface(canvas);
    }

    prepare(palette, countText) {
        this.palette = palette;
        this.surface.fit();
        this.surface.setFont(palette);
        const {context, ratio} = this.surface;
        const line = palette.textSize * ratio;
        const columns = Math.max(Math.round(this.surface.width / ratio), 1);
        const traces = this.replays.map(replay => {
            const length = Math.min(replay.length, this.race.length);
            const times = Float64Array.from({length: columns + 1}, (_, column) =>
                column < columns ? length * column / columns : length);
            return {times, ...this.trace(replay, times)};
        });
        this.top = Math.max(...traces.map(each => each.most.reduce((a, b) => Math.max(a, b), 0)), 1);
        const step = Math.max(evenStep(this.top, 4), 1);
        this.ticks = [];
        for (let count = 0; count <= this.top; count += step)
            this.ticks.push([count, countText(count)]);
        const widest = Math.max(...this.ticks.map(([, text]) => context.measureText(text).width));
        this.area = {
            left: Math.ceil(widest + line * 0.6),
            top: Math.ceil(line * 0.7),
            right: this.surface.width - Math.ceil(line * 0.6),
            bottom: this.surface.height - Math.ceil(line * 1.8),
        };
        this.lines = traces.map(each => this.pathOf(each));
        this.background = hiddenCanvas(this.surface.width, this.surface.height);
        this.drawAxes(this.background.getContext('2d'), line);
    }

    x(time) {
        return this.area.left + (this.area.right - this.area.left) * (this.race.length > 0 ? time / this.race.length : 0);
    }

    y(count) {
        return this.area.bottom - (this.area.bottom - this.area.top) * count / this.top;
    }

    pathOf({times, at, most}) {
        const path = new Path2D();
        path.moveTo(this.x(times[0]), this.y(at[0]));
        for (let column = 1; column < times.length; ++column) {
            const x = this.x(times[column]);
            path.lineTo(x, this.y(at[column - 1])); // counts go in steps
            if (most[column] > Math.max(at[column - 1], at[column]))
                path.lineTo(x, this.y(most[column]));
            path.lineTo(x, this.y(at[column]));
        }
        return path;
    }

    drawAxes(context, line) {
        const {palette, area, surface} = this;
        const unit = Math.max(Math.round(surface.ratio), 1);
        context.font = surface.context.font;
        context.textBaseline = 'middle';
        context.textAlign = 'right';
        for (const [count, text] of this.ticks) {
            const y = Math.round(this.y(count));
            context.fillStyle = palette.hairline;
            context.fillRect(area.left, y, area.right - area.left, unit);
            context.fillStyle = palette.quiet;
            context.fillText(text, area.left - line * 0.5, y);
        }
        context.textAlign = 'left';
        for (const [time, text] of timeTicks(this.race.length, (area.right - area.left) / surface.ratio / 70)) {
            const x = this.x(time);
            const half = context.measureText(text).width / 2;
            context.fillStyle = palette.hairline;
            context.fillRect(Math.round(x), area.bottom, unit, line * 0.4);
            context.fillStyle = palette.quiet;
            context.fillText(text, Math.min(x - half, surface.width - 2 * half), area.bottom + line * 1.1);
        }
    }

    draw(time) {
        const {surface, area, palette} = this;
        const {context, ratio} = surface;
        surface.clear();
        context.drawImage(this.background, 0, 0);
        const now = this.x(time);
        this.stroke(0.35);
        context.save();
        context.beginPath();
        context.rect(0, 0, now + 0.5 * ratio, surface.height);
        context.clip();
        this.stroke(1);
        context.restore();
        context.fillStyle = palette.quiet;
        context.fillRect(Math.round(now), area.top, Math.max(Math.round(ratio), 1), area.bottom - area.top);
        this.replays.forEach((replay, series) => {
            context.beginPath();
            context.arc(this.x(Math.min(time, replay.length)), this.y(this.value(replay.at(time))), 4 * ratio, 0, 2 * Math.PI);
            context.fillStyle = palette.line(series);
            context.strokeStyle = palette.surface;
            context.lineWidth = 1.5 * ratio;
            context.setLineDash([]);
            context.fill();
            context.stroke();
        });
    }

    stroke(alpha) {
        const {context, ratio} = this.surface;
        context.lineWidth = 2 * ratio;
        context.lineJoin = 'round';
        context.globalAlpha = alpha;
        this.lines.forEach((path, series) => {
            context.strokeStyle = this.palette.line(series);
            context.setLineDash(dashes[series % dashes.length].map(length => length * ratio));
            context.stroke(path);
        });
        context.globalAlpha = 1;
    }
}

function deliveredTrace(replay, times) {
    const at = Float64Array.from(times, time => countUpTo(replay.delivered, time));
    return {at, most: at};
}

/** Peaks between two times are kept: they may be short. */
function waitingTrace(replay, times) {
    const at = new Float64Array(times.length);
    const most = new Float64Array(times.length);
    const {waitsFrom, waitsUntil} = replay;
    let begun = 0;
    let ended = 0;
    for (let column = 0; column < times.length; ++column) {
        while (begun < waitsFrom.length && waitsFrom[begun] <= times[column]) {
            const moment = waitsFrom[begun++];
            while (ended < waitsUntil.length && waitsUntil[ended] <= moment)
                ++ended;
            most[column] = Math.max(most[column], begun - ended);
        }
        at[column] = replay.waitingAt(times[column]);
        most[column] = Math.max(most[column], at[column]);
    }
    return {at, most};
}
