// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options/joboptions.h"

#include <QCommandLineOption>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonParseError>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include <cmath>
#include <limits>

namespace Poolscope::JobOptions {

namespace {

// Far above anything useful, and still far from overflow when chunks are counted.
constexpr int largestCount = 100'000'000;
constexpr int largestRetries = 1000;
constexpr double largestTimeout = 1e9;
constexpr qint64 largestSize = qint64{1} << 50;

QString tr(const char *text)
{
    return QCoreApplication::translate("Poolscope::JobOptions", text);
}

QString knownMethods()
{
    QStringList names;
    for (const Method method : allMethods)
        names << QString::fromLatin1(methodName(method).data());
    return names.join(QStringLiteral(", "));
}

/// A JSON value when the text is one, else the text itself: 2, true and "2" say what they are.
QJsonValue valueFromText(const QString &text)
{
    // A document holds an array or an object only, hence the brackets.
    const QJsonDocument wrapped = QJsonDocument::fromJson('[' + text.toUtf8() + ']');
    if (wrapped.isArray() && wrapped.array().size() == 1)
        return wrapped.array().at(0);
    return text;
}

class Reader
{
public:
    explicit Reader(const QCommandLineParser &parser) : m_parser(parser) {}

    Result take()
    {
        readTask();
        readInput();
        readMethod();
        JobSpec &spec = m_result.spec;
        if (const auto number = wholeNumber(QStringLiteral("processes"), 1, maximumProcesses))
            spec.processes = *number;
        spec.chunksize = wholeNumber(QStringLiteral("chunksize"), 1, largestCount, QStringLiteral("auto"));
        spec.maxTasksPerChild =
            wholeNumber(QStringLiteral("maxtasksperchild"), 1, largestCount, QStringLiteral("none"));
        spec.maxMemoryPerChild = size(QStringLiteral("max-memory-per-child"));
        spec.memoryLimit = size(QStringLiteral("memory-limit"));
        spec.buffersize = wholeNumber(QStringLiteral("buffersize"), 1, largestCount);
        readInitializer();
        readSeconds(QStringLiteral("timeout"), m_result.spec.timeout);
        readSeconds(QStringLiteral("start-timeout"), m_result.spec.startTimeout);
        if (const auto number = wholeNumber(QStringLiteral("retries"), 0, largestRetries))
            spec.retries = *number;
        readOnError();
        readHalt();
        readText(QStringLiteral("python"), spec.python);
        return std::move(m_result);
    }

private:
    void complain(const QString &option, const QString &message)
    {
        m_result.problems.append({JobProblem::Kind::Usage, option, message});
    }

    /// The option's value, when it was given exactly once.
    std::optional<QString> single(const QString &option)
    {
        const QStringList values = m_parser.values(option);
        if (values.size() > 1) {
            complain(option, tr("given %1 times, give it once").arg(values.size()));
            return std::nullopt;
        }
        return values.isEmpty() ? std::nullopt : std::optional(values.first());
    }

    /// \returns whether the option was given
    bool readText(const QString &option, QString &target)
    {
        const auto text = single(option);
        if (!text)
            return false;
        if (text->trimmed().isEmpty())
            complain(option, tr("has no value; give one or leave the option out"));
        else
            target = *text;
        return true;
    }

    std::optional<int> wholeNumber(const QString &option, int least, int most, const QString &word = {})
    {
        const auto text = single(option);
        if (!text || (!word.isEmpty() && *text == word))
            return std::nullopt;
        // Digits alone: QString::toInt() would take signs, blanks around and, for base 0, 0x10.
        bool isNumber = !text->isEmpty();
        for (const QChar character : *text)
            isNumber = isNumber && character >= u'0' && character <= u'9';
        bool fits = false;
        const int number = text->toInt(&fits);
        if (isNumber && fits && number >= least && number <= most)
            return number;
        const QLocale locale = QLocale::c();
        const QString range =
            tr("a whole number from %1 to %2").arg(locale.toString(least), locale.toString(most));
        complain(
            option,
            tr("“%1” is not %2").arg(*text, word.isEmpty() ? range : tr("%1, nor “%2”").arg(range, word)));
        return std::nullopt;
    }

    /// Bytes.
    std::optional<qint64> size(const QString &option)
    {
        const auto text = single(option);
        if (!text)
            return std::nullopt;
        static const QRegularExpression shape(QStringLiteral("^([0-9]{1,16})([KMG]?)$"),
                                              QRegularExpression::CaseInsensitiveOption);
        const QRegularExpressionMatch match = shape.match(*text);
        const qint64 number = match.captured(1).toLongLong();
        const qsizetype power =
            match.captured(2).isEmpty()
                ? 0
                : QLatin1String("KMG").indexOf(match.captured(2), 0, Qt::CaseInsensitive) + 1;
        const qint64 unit = qint64{1} << (10 * power);
        if (match.hasMatch() && number > 0 && number <= largestSize / unit)
            return number * unit;
        complain(
            option,
            tr("“%1” is no size; give a number of bytes above 0, or one with K, M or G, for example 500M")
                .arg(*text));
        return std::nullopt;
    }

    void readTask()
    {
        JobSpec &spec = m_result.spec;
        const bool hasTask = readText(QStringLiteral("task"), spec.task);
        const bool hasCommand = readText(QStringLiteral("command"), spec.commandTemplate);
        m_result.namesTask = hasTask || hasCommand;
        if (hasTask && hasCommand)
            complain(QStringLiteral("command"),
                     tr("cannot stand beside --task; a job has one task or one command"));
        for (const QString &text : m_parser.values(QStringLiteral("param"))) {
            const qsizetype equals = text.indexOf(u'=');
            const QString name = text.left(equals);
            if (equals < 1)
                complain(QStringLiteral("param"), tr("“%1” is not NAME=VALUE").arg(text));
            else if (spec.parameters.contains(name))
                complain(QStringLiteral("param"), tr("“%1” is given more than once").arg(name));
            else
                spec.parameters.insert(name, valueFromText(text.mid(equals + 1)));
        }
    }

    void readInput()
    {
        m_result.namesInput = readText(QStringLiteral("input"), m_result.spec.input);
        if (const auto text = single(QStringLiteral("item-type"))) {
            if (*text == u"auto")
                m_result.spec.itemType = ItemType::Auto;
            else if (*text == u"text")
                m_result.spec.itemType = ItemType::Text;
            else if (*text == u"json")
                m_result.spec.itemType = ItemType::Json;
            else
                complain(QStringLiteral("item-type"), tr("“%1” is none of auto, text, json").arg(*text));
        }
    }

    void readMethod()
    {
        const auto text = single(QStringLiteral("method"));
        if (!text)
            return;
        if (const auto method = methodFromName(text->toStdString()))
            m_result.spec.method = *method;
        else
            complain(QStringLiteral("method"),
                     tr("“%1” is not a method; choose one of %2").arg(*text, knownMethods()));
    }

    void readInitializer()
    {
        JobSpec &spec = m_result.spec;
        readText(QStringLiteral("initializer"), spec.initializer);
        if (!readText(QStringLiteral("initargs"), spec.initargs) || spec.initargs.isEmpty())
            return;
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(spec.initargs.toUtf8(), &error);
        if (error.error != QJsonParseError::NoError)
            complain(QStringLiteral("initargs"), tr("“%1” is not valid JSON: %2 at character %3")
                                                     .arg(spec.initargs, error.errorString())
                                                     .arg(error.offset + 1));
        else if (!document.isArray())
            complain(QStringLiteral("initargs"),
                     tr("“%1” is not a JSON array, for example [1, \"a\"]").arg(spec.initargs));
        else if (spec.initializer.isEmpty() && !m_parser.isSet(QStringLiteral("initializer")))
            complain(QStringLiteral("initargs"), tr("needs --initializer, the function that takes them"));
    }

    template <typename Seconds>
    void readSeconds(const QString &option, Seconds &result)
    {
        const auto text = single(option);
        if (!text)
            return;
        bool isNumber = false;
        const double seconds = QLocale::c().toDouble(*text, &isNumber);
        // The comparisons are false for NaN.
        if (isNumber && seconds > 0 && seconds <= largestTimeout && *text == text->trimmed())
            result = seconds;
        else
            complain(option, tr("“%1” is not a number of seconds above 0, at most %2")
                                 .arg(*text, QLocale::c().toString(largestTimeout, 'f', 0)));
    }

    void readOnError()
    {
        const auto text = single(QStringLiteral("on-error"));
        if (!text)
            return;
        if (*text == u"collect")
            m_result.spec.onError = OnError::Collect;
        else if (*text == u"raise")
            m_result.spec.onError = OnError::Raise;
        else
            complain(QStringLiteral("on-error"), tr("“%1” is neither collect nor raise").arg(*text));
    }

    void readHalt()
    {
        const auto text = single(QStringLiteral("halt"));
        if (!text || *text == u"never")
            return;
        m_result.spec.halt = haltPolicyFromText(text->toStdString());
        if (!m_result.spec.halt)
            complain(
                QStringLiteral("halt"),
                tr("“%1” is no policy; give never, or soon or now, a comma, and fail=N, fail=N%, success=N "
                   "or success=N%, for example soon,fail=3 or now,fail=10%")
                    .arg(*text));
    }

    const QCommandLineParser &m_parser;
    Result m_result;
};

} // namespace

void addTo(QCommandLineParser &parser)
{
    const auto add = [&parser](const char *name, const QString &value, const QString &description) {
        parser.addOption({QString::fromLatin1(name), description, value});
    };
    add("task", tr("TASK"),
        tr("What to run: a built-in name such as square, FILE.py:FUNCTION or PLUGIN.so:FUNCTION."));
    add("command", tr("TEMPLATE"),
        tr("Instead of --task: a program run once per item, without a shell. {} the item, {/} its base name, "
           "{.} without extension, {n} its index."));
    add("param", tr("NAME=VALUE"),
        tr("A parameter of the task; a JSON value or text. May be given repeatedly."));
    add("input", tr("INPUT"),
        tr("FILE (.txt .csv .tsv .jsonl .json), - for standard input, range:STOP, range:START:STOP[:STEP] or "
           "glob:PATTERN."));
    add("item-type", tr("auto|text|json"),
        tr("Lines of text files: with auto (the default), a line that is a JSON number is a number."));
    add("method", tr("METHOD"), tr("One of %1; map by default.").arg(knownMethods()));
    add("processes", tr("N"), tr("Worker processes; by default as many as usable CPUs."));
    add("chunksize", tr("N|auto"),
        tr("Items per chunk; auto (the default) follows the length of the input for map and starmap and is 1 "
           "for imap and imap_unordered."));
    add("maxtasksperchild", tr("N|none"), tr("Chunks a process runs before a new one takes its place."));
    add("max-memory-per-child", tr("SIZE"),
        tr("A process whose resident memory is above SIZE is replaced by a new one between two items; "
           "nothing is "
           "lost. Bytes, or with K, M or G: 500M."));
    add("memory-limit", tr("SIZE"),
        tr("A process whose resident memory, with the programs that it runs, is above SIZE is ended, and the "
           "item that it ran is lost. Looked at 20 times a second, of more than 200 processes less often."));
    add("buffersize", tr("N"), tr("Chunks read ahead of the consumer (imap, imap_unordered)."));
    add("initializer", tr("[FILE.py:]FUNCTION"),
        tr("Runs once in every worker process before its first item."));
    add("initargs", tr("JSON-ARRAY"), tr("The arguments of the initializer."));
    add("timeout", tr("SECONDS"), tr("The most an item may take, from its start."));
    add("start-timeout", tr("SECONDS"),
        tr("The most a process may take to load its task and run its initializer; 120 by default."));
    add("retries", tr("N"), tr("More tries for an item that failed or was lost; 0 by default."));
    add("on-error", tr("collect|raise"),
        tr("collect (the default): every item stands for itself. raise: a failing item ends its chunk, and "
           "the "
           "call ends with the error."));
    add("halt", tr("POLICY"),
        tr("Ends the run early: soon,fail=3 after 3 items that failed or were lost, now,fail=10% when they "
           "are "
           "10 % of the items that have ended and at least 3, now,success=1 after the first that is ok. "
           "soon: "
           "nothing new begins, what runs goes on to its end; now: what runs is cancelled. Items that were "
           "read and had not begun are not_run. never (the default): goes on to the end of the input."));
    add("python", tr("INTERPRETER"), tr("The Python that runs Python tasks; python3 by default."));
}

Result read(const QCommandLineParser &parser)
{
    return Reader(parser).take();
}

QString toText(const JobProblem &problem)
{
    return problem.option.isEmpty() ? problem.message
                                    : QStringLiteral("--%1: %2").arg(problem.option, problem.message);
}

} // namespace Poolscope::JobOptions
