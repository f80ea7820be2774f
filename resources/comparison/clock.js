// SPDX-License-Identifier: GPL-3.0-or-later

/** The one clock that all contestants are played back on. Stands at the end at first: all is to be seen there. */
class Clock {
    /** @param changed  called when it stands elsewhere, plays or no longer does */
    constructor(length, changed) {
        this.length = length;
        this.time = length;
        this.speed = 1;
        this.isPlaying = false;
        this.changed = changed;
    }

    /** From where it is; from the beginning when it is at the end. */
    play() {
        if (this.length <= 0 || this.isPlaying)
            return;
        if (this.time >= this.length)
            this.time = 0;
        this.isPlaying = true;
        this.last = undefined;
        requestAnimationFrame(moment => this.tick(moment));
        this.changed();
    }

    pause() {
        this.isPlaying = false;
        this.changed();
    }

    restart() {
        this.time = 0;
        this.changed();
        this.play();
    }

    /** Goes there, and goes on from there if it plays. */
    seek(seconds) {
        this.time = Math.min(Math.max(Number(seconds) || 0, 0), this.length);
        this.changed();
    }

    tick(moment) {
        if (!this.isPlaying)
            return;
        // While the page is not seen no frames are asked for: then it waits.
        const passed = Math.min((moment - (this.last ?? moment)) / 1e3, 0.25);
        this.last = moment;
        this.time = Math.min(this.time + passed * this.speed, this.length);
        this.isPlaying = this.time < this.length;
        if (this.isPlaying)
            requestAnimationFrame(next => this.tick(next));
        this.changed();
    }
}
