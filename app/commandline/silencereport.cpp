// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline/silencereport.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace Poolscope {

namespace {

constexpr double saidEvery = 10;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::SilenceReport", text);
}

} // namespace

QString silenceText(const Silence &silence)
{
    const auto seconds = qint64(std::llround(silence.lasted));
    switch (silence.kind) {
    case SilenceKind::WorkerStarting:
        return tr("worker %1 has been starting for %2 s: its task is being loaded, or its initializer runs")
            .arg(*silence.worker)
            .arg(seconds);
    case SilenceKind::ItemBusy: {
        const QString what = tr("item %1 has been running on worker %2 for %3 s")
                                 .arg(*silence.item)
                                 .arg(*silence.worker)
                                 .arg(seconds);
        return silence.usual
                   ? tr("%1; 95 % of the items end within %2 s").arg(what).arg(*silence.usual, 0, 'g', 2)
                   : what;
    }
    case SilenceKind::ConsumerBlocked:
        return tr("%1 results are ready and have not been taken for %2 s: whoever reads the output has "
                  "stopped "
                  "reading")
            .arg(silence.waiting)
            .arg(seconds);
    case SilenceKind::InputWaiting:
        return tr("the input has given nothing for %1 s and has not ended; the workers wait for it")
            .arg(seconds);
    case SilenceKind::NothingMoves:
        break;
    }
    return tr("nothing has moved for %1 s, though %2 items wait").arg(seconds).arg(silence.waiting);
}

QStringList SilenceReport::observe(const RunSnapshot &snapshot)
{
    QStringList texts;
    std::vector<Silence> silences = m_watchdog.observe(snapshot);
    // The longest one stands for those of its kind.
    std::stable_sort(silences.begin(), silences.end(),
                     [](const Silence &a, const Silence &b) { return a.lasted > b.lasted; });
    std::map<SilenceKind, Silence> longest;
    for (const Silence &silence : silences) {
        if (silence.isNew)
            ++m_kinds[silence.kind].unsaid;
        longest.emplace(silence.kind, silence);
    }
    for (auto &[id, kind] : m_kinds) {
        const auto silence = longest.find(id);
        if (silence == longest.end())
            kind.unsaid = 0; // over before it could be said
        if (kind.unsaid == 0 || (kind.lastSaid >= 0 && snapshot.now - kind.lastSaid < saidEvery))
            continue;
        QString text = silenceText(silence->second);
        if (kind.unsaid > 1)
            text += tr(" (and %1 more like this)").arg(kind.unsaid - 1);
        texts << text;
        kind = {snapshot.now, 0};
    }
    return texts;
}

} // namespace Poolscope
