// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/obituary.h"

#include "ui/models/format.h"
#include "ui/models/itemoutcome.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <utility>

namespace Poolscope {

namespace {

constexpr int longestInput = 2000;

QString text(const char *source)
{
    return QCoreApplication::translate("Obituary", source);
}

/// What a signal mostly means, for people who do not know them by heart.
QString explainSignal(const QString &name)
{
    static constexpr std::array<std::pair<const char *, const char *>, 8> known{{
        {"SIGKILL",
         QT_TRANSLATE_NOOP("Obituary", "killed from outside, by someone or, when memory ran out, by "
                                       "the system")},
        {"SIGTERM", QT_TRANSLATE_NOOP("Obituary", "asked from outside to end")},
        {"SIGSEGV", QT_TRANSLATE_NOOP("Obituary", "native code touched memory that is not its own")},
        {"SIGBUS", QT_TRANSLATE_NOOP("Obituary", "native code touched memory that is not there")},
        {"SIGABRT", QT_TRANSLATE_NOOP("Obituary", "it ended itself: an assertion or an exception in native "
                                                  "code")},
        {"SIGFPE", QT_TRANSLATE_NOOP("Obituary", "native code divided an integer by zero")},
        {"SIGILL", QT_TRANSLATE_NOOP("Obituary", "native code that this processor does not know")},
        {"SIGXCPU", QT_TRANSLATE_NOOP("Obituary", "it used up its limit of CPU time")},
    }};
    for (const auto &[signal, meaning] : known)
        if (name == QLatin1String(signal))
            return text(meaning);
    return {};
}

QString why(const ItemError &error)
{
    QString cause;
    if (!error.signal.isEmpty()) {
        cause = text("signal %1").arg(error.signal);
        if (const QString meaning = explainSignal(error.signal); !meaning.isEmpty())
            cause += QStringLiteral(": ") + meaning;
    } else if (error.exitCode) {
        cause = *error.exitCode == 0
                    ? text("exit code 0: something in the task ended the process")
                    : text("exit code %1: something in the task ended the process").arg(*error.exitCode);
    }
    if (error.type == QLatin1String("TimeoutError"))
        return text("out of time: the worker was ended for it; raise the timeout if an item may take longer");
    return cause;
}

class Facts
{
public:
    void add(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            m_facts.emplace_back(name, value);
    }
    /// A fact a line, the values below each other.
    QStringList lines() const
    {
        qsizetype width = 0;
        for (const auto &[name, value] : m_facts)
            width = std::max(width, name.size());
        QStringList lines;
        for (const auto &[name, value] : m_facts)
            lines += name.leftJustified(width + 2) + value;
        return lines;
    }

private:
    std::vector<std::pair<QString, QString>> m_facts;
};

QString workerText(std::uint32_t worker, std::uint32_t generation, std::int64_t pid)
{
    return pid == 0 ? text("of an earlier session of this run")
                    : text("%1, generation %2, PID %3").arg(worker).arg(generation).arg(pid);
}

void addOutput(QStringList &lines, const QString &title, const QString &output)
{
    if (!output.trimmed().isEmpty())
        lines << QString() << title << output.trimmed();
}

/// What the tries before came to, a line each.
void addAttempts(QStringList &lines, const ItemRecord *failure)
{
    if (!failure || failure->earlier.empty())
        return;
    lines << QString() << text("Attempts before");
    for (const ItemRecord &attempt : failure->earlier)
        lines += attemptText(attempt);
}

} // namespace

QString obituary(const ItemRecord *failure, const WorkerDeath *death)
{
    const ItemError error = itemErrorOf(failure ? failure->value : death->error);
    const bool hasDied = !failure || failure->status == ItemStatus::Lost;
    QStringList lines;
    lines +=
        hasDied || error.type.isEmpty() ? error.message : error.type + QStringLiteral(": ") + error.message;
    lines += QString();

    Facts facts;
    if (failure) {
        facts.add(text("Item"),
                  text("%1, attempt %2").arg(Format::count(failure->index)).arg(failure->attempt));
        const std::string input = failure->input.empty() ? error.input.toStdString() : failure->input;
        facts.add(text("Input"), Format::excerpt(input, longestInput));
        facts.add(text("Worker"), workerText(failure->worker, failure->generation, failure->pid));
    } else {
        facts.add(text("Item"),
                  death->item
                      ? text("%1, which is tried again if tries are left").arg(Format::count(*death->item))
                      : text("none, so nothing was lost"));
        facts.add(text("Worker"), workerText(death->worker, death->generation, death->pid));
    }
    if (hasDied)
        facts.add(text("Why"), why(error));
    if (failure && failure->started >= 0)
        facts.add(text("Ran"), text("%1, until %2 of the run")
                                   .arg(Format::duration(failure->finished - failure->started),
                                        Format::moment(failure->finished)));
    else if (death)
        facts.add(text("When"), text("%1 of the run").arg(Format::moment(death->time)));
    if (error.peakMemory > 0)
        facts.add(text("Memory"), text("%1 at its peak").arg(Format::bytes(error.peakMemory)));
    lines += facts.lines();

    addAttempts(lines, failure);
    addOutput(lines, text("Traceback"), error.traceback);
    if (hasDied && !error.errorOutput.trimmed().isEmpty())
        addOutput(lines, text("The last it wrote to its standard error"), error.errorOutput);
    else if (hasDied && failure && failure->pid != 0)
        lines << QString() << text("It wrote nothing to its standard error.");
    // It is copied into mails and issues, where a no-break space is a nuisance.
    return lines.join(QLatin1Char('\n')).replace(QChar(0x00a0), QLatin1Char(' '));
}

} // namespace Poolscope
