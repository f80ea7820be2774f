// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';

// What was where at any moment: the recorded times, and what can be counted in them. Knows no page.

/** Numbers packed as base64, lowest byte first. */
function unpack(text, bytes, read) {
    const binary = atob(text);
    const view = new DataView(new ArrayBuffer(binary.length));
    for (let at = 0; at < binary.length; ++at)
        view.setUint8(at, binary.charCodeAt(at));
    const numbers = bytes === 8 ? new Float64Array(binary.length / 8) : new Uint32Array(binary.length / bytes);
    for (let at = 0; at < numbers.length; ++at)
        numbers[at] = read(view, at * bytes);
    return numbers;
}

const seconds = text => unpack(text, 8, (view, at) => view.getFloat64(at, true));
const wholes = text => unpack(text, 4, (view, at) => view.getUint32(at, true));

/** How many of the sorted numbers are no larger. */
function countUpTo(sorted, limit) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] <= limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/** How many of the sorted numbers are smaller. */
function countBelow(sorted, limit) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// A result is on its way, and does not wait, for so many seconds at most, or in a short run for so much of it.
const longestWay = 1e-3;
const shareOfWay = 1e-3;
// The one that is next in turn may be on its way for so much of a run.
const shareOfNext = 0.1;

/** One contestant. A position is the place of an item in the order of delivery. */
class Replay {
    constructor(contestant) {
        this.name = contestant.name;
        this.index = wholes(contestant.index);
        this.worker = wholes(contestant.worker);
        this.trouble = contestant.trouble; // a word, where it did not end as it should
        this.started = seconds(contestant.started);
        this.finished = seconds(contestant.finished);
        this.delivered = seconds(contestant.delivered); // ascending
        this.size = this.index.length;
        this.length = this.size > 0 ? this.delivered[this.size - 1] : 0;
        this.hasFailed = new Uint8Array(this.size);
        for (const position of contestant.failed)
            this.hasFailed[position] = 1;

        const ran = [];
        for (let position = 0; position < this.size; ++position)
            if (this.started[position] >= 0) // a negative time: it never ran
                ran.push(position);
        this.byFinish = Uint32Array.from(ran).sort((a, b) => this.finished[a] - this.finished[b]);
        this.finishes = Float64Array.from(this.byFinish, position => this.finished[position]);
        this.findWaiting(ran);
        this.byWorker = Array.from({length: contestant.workers}, () => []);
        for (const position of ran)
            (this.byWorker[this.worker[position]] ??= []).push(position);
        for (const row of this.byWorker)
            row?.sort((a, b) => this.started[a] - this.started[b]);
        this.rankByIndex();
        this.waiting = new WaitingItems(this);
    }

    /** When those that were held back began to wait and when that ended; what is on its way does not wait. */
    findWaiting(ran) {
        const least = Math.min(longestWay, shareOfWay * this.length);
        const held = ran.filter(position => {
            const late = this.delivered[position] - this.finished[position];
            const isNext = countUpTo(this.delivered, this.finished[position]) === position;
            return late > least && !(isNext && late <= shareOfNext * this.length);
        });
        this.waitsFrom = Float64Array.from(held, position => this.finished[position]).sort();
        this.waitsUntil = Float64Array.from(held, position => this.delivered[position]);
    }

    waitingAt(time) {
        return countUpTo(this.waitsFrom, time) - countUpTo(this.waitsUntil, time);
    }

    /** Which place an item has among all in the order of the input; indices need not be without gaps. */
    rankByIndex() {
        if (this.index.every(index => index < this.size)) { // the usual case, and much quicker
            this.rank = this.index;
            this.indexOfRank = Uint32Array.from(this.index, (_, rank) => rank);
            return;
        }
        const byIndex = Uint32Array.from(this.index, (_, position) => position)
            .sort((a, b) => this.index[a] - this.index[b]);
        this.indexOfRank = Uint32Array.from(byIndex, position => this.index[position]);
        this.rank = new Uint32Array(this.size);
        byIndex.forEach((position, rank) => { this.rank[position] = rank; });
    }

    at(time) {
        const delivered = countUpTo(this.delivered, time);
        const finished = countUpTo(this.finishes, time);
        return {name: this.name, delivered, finished, waiting: this.waitingAt(time)};
    }

    /** When the next result is handed out; undefined when none is. */
    nextDelivery(time) {
        return this.delivered[countUpTo(this.delivered, time)];
    }

    /** When the last one before was; undefined when there is none. */
    previousDelivery(time) {
        return this.delivered[countBelow(this.delivered, time) - 1];
    }
}

/**
 * Which items are finished and not handed out, in the order of the input. Follows the clock from event to event,
 * forwards and backwards: to sort them anew for each frame would cost too much when there are 100,000.
 */
class WaitingItems {
    static finishedBit = 1;
    static deliveredBit = 2;

    constructor(replay) {
        this.replay = replay;
        this.state = new Uint8Array(replay.size); // by place in the input
        this.finished = 0;
        this.delivered = 0;
    }

    moveTo(time) {
        const {replay, state} = this;
        const finished = countUpTo(replay.finishes, time);
        const delivered = countUpTo(replay.delivered, time);
        for (; this.finished < finished; ++this.finished)
            state[replay.rank[replay.byFinish[this.finished]]] |= WaitingItems.finishedBit;
        while (this.finished > finished)
            state[replay.rank[replay.byFinish[--this.finished]]] &= ~WaitingItems.finishedBit;
        for (; this.delivered < delivered; ++this.delivered)
            state[replay.rank[this.delivered]] |= WaitingItems.deliveredBit;
        while (this.delivered > delivered)
            state[replay.rank[--this.delivered]] &= ~WaitingItems.deliveredBit;
    }

    /** Calls `take(place among those that wait, index)` for every one of them. */
    forEach(take) {
        let place = 0;
        for (let rank = 0; rank < this.state.length; ++rank)
            if (this.state[rank] === WaitingItems.finishedBit)
                take(place++, this.replay.indexOfRank[rank]);
    }
}
