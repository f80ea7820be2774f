// SPDX-License-Identifier: GPL-3.0-or-later

// The page. All that came from a task or an input goes through textContent: it may hold HTML.
(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const words = data.words;
    const find = id => document.getElementById(id);
    const counts = new Intl.NumberFormat('en');
    const countText = count => counts.format(count);
    /** Puts the values in for %1, %2 and so on. */
    const fill = (text, ...values) => text.replace(/%(\d)/g, (_, number) => values[number - 1] ?? '');

    function add(parent, name, text, className) {
        const element = document.createElement(name);
        if (text !== undefined)
            element.textContent = text;
        if (className)
            element.className = className;
        parent.append(element);
        return element;
    }

    function setText(element, text) {
        if (element.textContent !== text)
            element.textContent = text;
    }

    const replays = data.contestants.map(contestant => new Replay(contestant));
    const race = {length: Math.max(0, ...replays.map(replay => replay.length)), items: data.items};
    const clock = new Clock(race.length, () => scheduleFrame());
    const moment = time => momentText(time, race.length);

    // What stands still.
    for (const element of document.querySelectorAll('[data-word]'))
        element.textContent = words[element.dataset.word];
    for (const element of document.querySelectorAll('[data-label]')) {
        element.setAttribute('aria-label', words[element.dataset.label]);
        if (element.matches('button'))
            element.title = words[element.dataset.label];
    }
    setText(find('title'), data.title);
    for (const [name, value] of data.facts) {
        const fact = add(find('facts'), 'div');
        add(fact, 'dt', name);
        add(fact, 'dd', value);
    }
    for (const sentence of data.sentences)
        add(find('sentences'), 'p', sentence);

    setText(find('figures-caption'), data.figures.caption);
    const head = document.querySelector('#figures thead tr');
    for (const title of data.figures.head)
        add(head, 'th', title).scope = 'col';
    for (const row of data.figures.rows) {
        const line = add(document.querySelector('#figures tbody'), 'tr');
        const name = add(line, 'th', row.name);
        name.scope = 'row';
        add(name, 'small', row.explanation);
        row.values.forEach((value, contestant) => {
            const cell = add(line, 'td');
            if (contestant === row.best) {
                cell.className = 'best';
                cell.title = row.why;
                add(cell, 'i', words.best);
            }
            // The spread of rounds gets a line of its own where there is little room.
            const [, median, spread] = value.match(/^(.*?)( \(.*)?$/);
            add(cell, 'span', median);
            if (spread)
                add(cell, 'small', spread);
        });
    }

    // The lanes.
    const axisRow = add(find('lanes'), 'div', undefined, 'axis');
    add(axisRow, 'div', undefined, 'label');
    const axisCanvas = add(axisRow, 'canvas');
    axisCanvas.setAttribute('aria-hidden', 'true');
    const lanes = replays.map(replay => {
        const row = add(find('lanes'), 'div', undefined, 'lane');
        const label = add(row, 'div', undefined, 'label');
        add(label, 'strong', replay.name);
        if (replay.trouble)
            add(label, 'span', replay.trouble, 'waits');
        const lane = {replay, delivered: add(label, 'span'), waits: add(label, 'span', undefined, 'waits')};
        lane.canvas = add(row, 'canvas');
        lane.canvas.setAttribute('role', 'img');
        lane.drawing = new LaneDrawing(replay, race, lane.canvas);
        return lane;
    });
    const axis = new Surface(axisCanvas);

    const charts = [
        ['delivered', deliveredTrace, position => position.delivered],
        ['waiting', waitingTrace, position => position.waiting],
    ].map(([name, trace, value]) => {
        const canvas = find(`${name}-chart`);
        canvas.setAttribute('aria-label', words[`${name}Chart`]);
        const lines = replays.map((replay, series) => {
            const line = add(find(`${name}-lines`), 'li');
            const sample = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
            sample.setAttribute('viewBox', '0 0 36 10');
            sample.setAttribute('aria-hidden', 'true');
            const stroke = document.createElementNS('http://www.w3.org/2000/svg', 'path');
            stroke.setAttribute('d', 'M0 5H36');
            stroke.setAttribute('stroke-width', '2.5');
            stroke.setAttribute('stroke-dasharray', dashes[series % dashes.length].join(' ') || 'none');
            sample.append(stroke);
            line.append(sample);
            add(line, 'span', replay.name);
            return {stroke, count: add(line, 'b')};
        });
        return {lines, value, drawing: new Chart(replays, race, canvas, trace, value)};
    });

    const key = (text, className) => {
        const entry = add(find('key'), 'span');
        const canvas = add(entry, 'canvas', undefined, className);
        canvas.setAttribute('aria-hidden', 'true');
        add(entry, 'span', text);
        return new Surface(canvas);
    };
    const rampKey = key(words.rampKey);
    const waitingKey = key(words.waitingKey, 'short');
    const failedKey = replays.some(replay => replay.hasFailed.includes(1)) ? key(words.failedKey, 'short') : undefined;

    function drawKeys(palette) {
        for (const surface of [rampKey, waitingKey, failedKey].filter(Boolean)) {
            surface.fit();
            surface.clear();
        }
        for (let x = 0; x < rampKey.width; ++x) {
            rampKey.context.fillStyle = palette.item(x / (rampKey.width - 1));
            rampKey.context.fillRect(x, 0, 1, rampKey.height);
        }
        const {context, width, height, ratio} = waitingKey;
        context.globalAlpha = 0.4;
        context.fillStyle = palette.item(0.4);
        context.fillRect(0, 0, width, height);
        context.globalAlpha = 1;
        context.strokeStyle = palette.quiet;
        context.lineWidth = ratio;
        context.setLineDash([3 * ratio, 2 * ratio]);
        context.strokeRect(ratio / 2, ratio / 2, width - ratio, height - ratio);
        if (failedKey) {
            failedKey.context.fillStyle = palette.error;
            failedKey.context.fillRect(0, 0, failedKey.width, failedKey.height);
            LaneDrawing.strike(failedKey.context, palette, 0, 0, failedKey.width, failedKey.height,
                Math.round(failedKey.ratio));
        }
    }

    // What moves.
    let isStale = true; // sizes or colours have changed
    let frame = 0;
    let told;

    function scheduleFrame() {
        if (frame === 0)
            frame = requestAnimationFrame(() => { frame = 0; show(); });
    }

    function prepare() {
        const palette = new Palette();
        drawKeys(palette);
        drawTimeAxis(axis, palette, race.length);
        for (const lane of lanes)
            lane.drawing.prepare(palette);
        for (const chart of charts) {
            chart.drawing.prepare(palette, countText);
            chart.lines.forEach((line, series) => line.stroke.setAttribute('stroke', palette.line(series)));
        }
        isStale = false;
    }

    function laneText(lane) {
        const {delivered, waiting} = lane.replay.at(clock.time);
        return fill(words.lane, lane.replay.name, countText(delivered), countText(Math.max(race.items, lane.replay.size)), countText(waiting));
    }

    function show() {
        if (isStale)
            prepare();
        const time = clock.time;
        for (const lane of lanes) {
            const {delivered, waiting} = lane.replay.at(time);
            setText(lane.delivered, fill(words.delivered, countText(delivered), countText(Math.max(race.items, lane.replay.size))));
            setText(lane.waits, waiting > 0 ? fill(words.wait, countText(waiting)) : '');
            lane.drawing.draw(time);
        }
        for (const chart of charts) {
            chart.drawing.draw(time);
            chart.lines.forEach((line, series) => setText(line.count, countText(chart.value(replays[series].at(time)))));
        }
        setText(find('time'), fill(words.time, moment(time), moment(race.length)));
        setText(find('play-word'), clock.isPlaying ? words.pause : words.play);
        find('play-icon').setAttribute('d', clock.isPlaying ? 'M3 3h3.5v10H3zM9.5 3H13v10H9.5z' : 'M4 2.5v11L13.5 8z');
        find('scrubber').value = time;
        find('scrubber').setAttribute('aria-valuetext', moment(time));
        // Told when it stands: while it plays nobody could follow.
        clearTimeout(told);
        if (!clock.isPlaying)
            told = setTimeout(tell, 300);
    }

    function tell() {
        for (const lane of lanes)
            lane.canvas.setAttribute('aria-label', laneText(lane));
        setText(find('live'), [moment(clock.time), ...lanes.map(laneText)].join('; '));
    }

    /** To the next delivery of any of them, or to the last one before. */
    function step(direction) {
        clock.pause();
        const times = replays.map(replay => direction > 0 ? replay.nextDelivery(clock.time)
            : replay.previousDelivery(clock.time)).filter(time => time !== undefined);
        if (times.length > 0)
            clock.seek(direction > 0 ? Math.min(...times) : Math.max(...times));
        else if (direction < 0)
            clock.seek(0);
    }

    const toggle = () => clock.isPlaying ? clock.pause() : clock.play();
    find('scrubber').max = race.length;
    find('scrubber').addEventListener('input', event => clock.seek(event.target.valueAsNumber));
    find('play').addEventListener('click', toggle);
    find('restart').addEventListener('click', () => clock.restart());
    find('step').addEventListener('click', () => step(1));
    find('speed').addEventListener('change', event => { clock.speed = Number(event.target.value); });
    for (const control of [find('scrubber'), find('play'), find('restart'), find('step')])
        control.disabled = race.length <= 0;
    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('select'))
            return;
        if (event.key === ' ' && event.target.closest('button'))
            return; // it presses the button
        // The figures scroll sideways where they have no room.
        if (event.key.startsWith('Arrow') && event.target.id === 'figures')
            return;
        const action = {
            ' ': toggle,
            ArrowRight: () => step(1),
            ArrowLeft: () => step(-1),
            Home: () => clock.seek(0),
            End: () => clock.seek(race.length),
        }[event.key];
        if (!action)
            return;
        event.preventDefault();
        action();
    });

    const restyle = () => {
        isStale = true;
        scheduleFrame();
    };
    const onPaper = isOn => {
        document.documentElement.classList.toggle('printing', isOn);
        prepare();
        show();
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyle);
    addEventListener('beforeprint', () => onPaper(true));
    addEventListener('afterprint', () => onPaper(false));
    const observer = new ResizeObserver(restyle);
    for (const canvas of document.querySelectorAll('canvas'))
        observer.observe(canvas);

    /** For the curious, and for tests: where all stand at any moment, in seconds. */
    window.replay = Object.freeze({
        length: race.length,
        get time() { return clock.time; },
        get isPlaying() { return clock.isPlaying; },
        at: seconds => replays.map(replay => replay.at(seconds)),
        seek: seconds => clock.seek(seconds),
        play: () => clock.play(),
        pause: () => clock.pause(),
    });
    show();
    tell();
})();
